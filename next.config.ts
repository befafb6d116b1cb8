// How Next builds the console. Packages that carry native binaries stay outside the bundle, because a
// bundler cannot follow the path from which they load theirs.
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const withNextIntl = createNextIntlPlugin('./components/shell/i18n/request.ts');

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Types are checked once, by `npm run check`; a build that checks them again makes the first start wait for it.
  typescript: { ignoreBuildErrors: true },
  allowedDevOrigins: ['127.0.0.1'],
  serverExternalPackages: ['@prisma/client', '@prisma/adapter-libsql', '@libsql/client', 'snappy', 'lz4-napi', '@node-rs/crc32'],
  // The two Mantine rooms export hundreds of components; only what a page names may reach its bundle.
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks'] },
};

export default withNextIntl(config);
