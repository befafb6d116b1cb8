import { defineConfig } from 'prisma/config';

// The console opens its database itself; this file only tells the generator where the schema lies.
export default defineConfig({ schema: 'prisma/schema.prisma' });
