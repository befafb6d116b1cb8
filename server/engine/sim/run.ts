// `npm run sim -- --seed N [--scenario replicated] [--seconds 60] [--count 1] [--story]`: replays one simulated world, or many seeds in a row.
// `--scenario all` runs every scenario, `--seed fresh` begins at a seed that no run before had: together they are what continuous
// integration runs. A violation prints its seed and the one command that shows it again, and the exit code is 1.

import { parseArgs } from 'node:util';
import { scenarios, type Scenario } from './scenarios.ts';
import { simulate, type SimulationResult } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    count: { type: 'string', default: '1' },
    scenario: { type: 'string', default: 'single-copy' },
    story: { type: 'boolean' },
  },
});
const first = values.seed === 'fresh' ? Math.floor(Date.now() / 1_000) : Number(values.seed);
const count = Number(values.count);
const seconds = Number(values.seconds);
const chosen = scenarios.filter(({ name }) => values.scenario === 'all' || name === values.scenario);
if (chosen.length === 0) throw new Error(`no scenario "${values.scenario}": all, ${scenarios.map(({ name }) => name).join(', ')}`);
let failed = 0;

/** What a broker's code throws where nobody waits for it would end the process without a word about the seed. */
let running = '';
const onThrown = (error: unknown): void => {
  console.log(`a broker failed: ${error instanceof Error ? error.stack : String(error)}`);
  console.log(`  again: ${running}`);
  process.exit(1);
};
process.on('uncaughtException', onThrown).on('unhandledRejection', onThrown);

for (const scenario of chosen) for (let seed = first; seed < first + count; seed++) await runWorld(scenario, seed);
console.log(`tests: ${count * chosen.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);

async function runWorld(scenario: Scenario, seed: number): Promise<void> {
  running = `npm run sim -- --scenario ${scenario.name} --seed ${seed} --seconds ${seconds} --story`;
  const onStory = values.story === true ? { onStory: (line: string) => console.log(line) } : {};
  const result = await simulate({ seed, seconds, scenario, ...onStory });
  console.log(`${scenario.name}, seed ${seed}: ${describe(result)}`);
  if (result.violations.length === 0) return;
  failed += 1;
  for (const violation of result.violations.slice(0, 10)) console.log(`  ${violation}`);
  console.log(`  again: ${running}`);
}

function describe(result: SimulationResult): string {
  const { acknowledged, churned, kills, cuts, diskEnds, simulatedSeconds, fingerprint, violations } = result;
  const verdict = violations.length === 0 ? 'no violation' : `${violations.length} VIOLATIONS`;
  return [
    `${acknowledged} acknowledged`,
    `${churned} topics made`,
    `${kills} kills`,
    `${cuts} cuts`,
    `${diskEnds} ended by their disk`,
    `${simulatedSeconds.toFixed(1)} simulated seconds`,
    `fingerprint ${fingerprint}`,
    verdict,
  ].join(', ');
}
