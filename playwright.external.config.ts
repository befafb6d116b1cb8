// The same journey on a Kafka that is not ours: needs LOGARIUM_E2E_EXTERNAL. See scripts/external-journey.ts.
import base from './playwright.config.ts';

export default { ...base, testMatch: '**/*.external.ts', outputDir: 'artefacts/playwright-external' };
