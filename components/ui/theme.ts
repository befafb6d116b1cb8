// Mantine dressed in the console's tokens. Chrome is ink, so the one colour Mantine may use as primary is a
// ladder from paper to ink; every surface it paints is mapped onto a token by the resolver below.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#fbfaf7',
  '#eeebe3',
  '#e0dcd2',
  '#c6c1b5',
  '#979283',
  '#6b655a',
  '#575249',
  '#3a372f',
  '#1c1a16',
  '#12110e',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 0 },
  colors: { ink },
  autoContrast: true,
  black: '#1c1a16',
  white: '#fbfaf7',
  fontFamily: 'var(--f-ui)',
  fontFamilyMonospace: 'var(--f-byte)',
  headings: { fontFamily: 'var(--f-plate)', fontWeight: '600' },
  defaultRadius: 5,
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { withArrow: false, openDelay: 300, transitionProps: { duration: 80 } } },
    // A dialog that is closed goes at once: while it faded it would still stand there, under its title, beside the next one.
    // Its opening is animated by its own style sheet.
    Modal: { defaultProps: { centered: false, yOffset: '10vh', transitionProps: { duration: 0 } } },
    Select: { defaultProps: { checkIconPosition: 'right', comboboxProps: { transitionProps: { duration: 80 }, shadow: 'none' } } },
    MultiSelect: { defaultProps: { comboboxProps: { transitionProps: { duration: 80 }, shadow: 'none' } } },
    Switch: { defaultProps: { withThumbIndicator: false } },
  },
});

const surfaces = {
  '--mantine-color-body': 'var(--wall)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--ink)',
  '--mantine-color-error': 'var(--offline)',
  '--mantine-color-default': 'var(--paper)',
  '--mantine-color-default-hover': 'var(--paper-2)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-disabled': 'transparent',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--line-2)',
  '--mantine-primary-color-filled': 'var(--act)',
  '--mantine-primary-color-filled-hover': 'color-mix(in srgb, var(--act) 88%, var(--paper))',
  '--mantine-primary-color-contrast': 'var(--on-act)',
  '--mantine-color-ink-filled': 'var(--act)',
} as const;

export const resolveTokens: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });
