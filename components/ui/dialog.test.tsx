// @vitest-environment happy-dom
// Dialogs as the product dresses them, with their transitions, which the other tests of pages switch off.
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { en } from '#components/shell/i18n/en.ts';
import { Dialog } from './dialog.tsx';
import { theme } from './theme.ts';

afterEach(cleanup);

/** A form whose success opens the report: the one closes in the same moment in which the other opens. */
function FormThenReport(): React.JSX.Element {
  const [isDone, setIsDone] = useState(false);
  return (
    <>
      <Dialog title={isDone ? 'Replay' : 'Replay from orders'} isOpen={!isDone} onClose={() => undefined}>
        <button type="button" onClick={() => setIsDone(true)}>
          Start
        </button>
      </Dialog>
      <Dialog title="Replay" isOpen={isDone} onClose={() => undefined}>
        Done
      </Dialog>
    </>
  );
}

test('a dialog that closes as another opens is gone when the other stands', () => {
  render(
    <NextIntlClientProvider locale="en" messages={en} timeZone="UTC">
      <MantineProvider theme={theme}>
        <FormThenReport />
      </MantineProvider>
    </NextIntlClientProvider>,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Start' }));
  expect(screen.getAllByRole('dialog').map((one) => one.textContent)).toEqual(['ReplayDone']);
});
