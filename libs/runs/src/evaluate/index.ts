export { evaluateRuns, type EvaluateRunsOptions, type RunEvaluation } from './evaluate-runs.js';
export { modelCardOf, writeEvaluations } from './evaluation-files.js';
export { gamOfRuns } from './gam.js';
export { openExtractor } from './open-extractor.js';
export { openJudgeData, type JudgeData } from './judge-data.js';
