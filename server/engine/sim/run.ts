// `npm run sim -- --seed N [--scenario replicated] [--seconds 60] [--count 1] [--story]`: replays one simulated world, or many seeds in a row.
// A violation prints its seed and the one command that shows it again, and the exit code is 1.

import { parseArgs } from 'node:util';
import { scenarios } from './scenarios.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    count: { type: 'string', default: '1' },
    scenario: { type: 'string', default: 'single-copy' },
    story: { type: 'boolean' },
  },
});
const first = Number(values.seed);
const count = Number(values.count);
const seconds = Number(values.seconds);
const scenario = scenarios.find(({ name }) => name === values.scenario);
if (scenario === undefined) throw new Error(`no scenario "${values.scenario}": ${scenarios.map(({ name }) => name).join(', ')}`);
let failed = 0;

/** What a broker's code throws where nobody waits for it would end the process without a word about the seed. */
let running = first;
const onThrown = (error: unknown): void => {
  console.log(`seed ${running}: a broker failed: ${error instanceof Error ? error.stack : String(error)}`);
  console.log(`  again: npm run sim -- --scenario ${scenario.name} --seed ${running} --seconds ${seconds} --story`);
  process.exit(1);
};
process.on('uncaughtException', onThrown).on('unhandledRejection', onThrown);

for (let seed = first; seed < first + count; seed++) {
  running = seed;
  const result = await simulate({
    seed,
    seconds,
    scenario,
    ...(values.story === true ? { onStory: (line: string) => console.log(line) } : {}),
  });
  const isFine = result.violations.length === 0;
  if (!isFine) failed += 1;
  console.log(
    `seed ${seed}: ${result.acknowledged} acknowledged, ${result.churned} topics made, ${result.kills} kills, ${result.cuts} cuts, ${result.diskEnds} ended by their disk, ${result.simulatedSeconds.toFixed(1)} simulated seconds, fingerprint ${result.fingerprint}, ${isFine ? 'no violation' : `${result.violations.length} VIOLATIONS`}`,
  );
  for (const violation of result.violations.slice(0, 10)) console.log(`  ${violation}`);
  if (!isFine) console.log(`  again: npm run sim -- --scenario ${scenario.name} --seed ${seed} --seconds ${seconds} --story`);
}
console.log(`tests: ${count - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
