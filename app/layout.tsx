// The document: language, faces, theme before the first paint, and everything a page stands on.
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '@fontsource-variable/besley/wght.css';
import '@fontsource-variable/besley/wght-italic.css';
import '@fontsource-variable/libre-franklin/wght.css';
import '@fontsource-variable/spline-sans-mono/wght.css';
import '@fontsource-variable/noto-serif-sc/wght.css';
import '@fontsource-variable/noto-sans-sc/wght.css';
import '#components/ui/tokens.css';
import './globals.css';
import './mantine.css';
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale } from 'next-intl/server';
import { Providers } from '#components/shell/providers.tsx';

export const metadata: Metadata = {
  title: { default: 'Logarium', template: '%s · Logarium' },
  description: 'A Kafka cluster under glass.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#e8e5dd' },
    { media: '(prefers-color-scheme: dark)', color: '#0f100d' },
  ],
};

export default async function RootLayout({ children }: { readonly children: React.ReactNode }): Promise<React.JSX.Element> {
  // Scripts and styles without this response's nonce are refused by the browser: server/supervisor/security-headers.ts.
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang={await getLocale()} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <NextIntlClientProvider>
          <Providers nonce={nonce}>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
