// Next runs this in the browser before anything else of the console. The content policy forbids code made from text, so
// zod must not try whether it may compile its schemas: the browser would report each try as a violation.

import { config } from 'zod/v4/core';

config({ jitless: true });
