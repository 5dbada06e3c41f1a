export * from './config/index.js';
export { backends, type Backend } from './backends.js';
export {
  BackendError,
  backendNames,
  inspectBackends,
  selectBackend,
  type BackendReport,
  type SelectedBackend,
} from './select-backend.js';
export { UsageError } from './errors.js';
export { RunFolder } from './run-folder.js';
export { readLabels, writeLabels } from './labels.js';
export {
  CheckpointError,
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
  type CheckpointFacts,
} from './checkpoint-file.js';
export { checkpointSteps, readCheckpoint } from './checkpoints.js';
export { StorageError } from './storage.js';
export type { MetricsLine } from './metrics-log.js';
export {
  resume,
  train,
  type ResumeOptions,
  type TrainingHooks,
  type TrainingResult,
  type TrainingStart,
} from './train.js';
export { loadWeights, type WeightsChoice, type WeightsStep } from './run-weights.js';
export { openRun, TrainedRun, type OpenOptions, type SampleOptions } from './trained-run.js';
export { clipOfData, clipOfFile, type GivenClip } from './given-clip.js';
export {
  pictureFormat,
  pleasantScale,
  writePicture,
  type PictureFormat,
  type PictureOptions,
} from './pictures.js';
export * from './evaluate/index.js';
export { importRun } from './import-run.js';
export { exportRun, type ExportFormat, type ExportOptions } from './export/export.js';
export { onnxGenerator } from './export/onnx.js';
export { drawCurves, type Curve, type Panel } from './plot/curves.js';
export { Metrics, MetricsFile, type Series } from './plot/metrics-file.js';
export { metricNames, runPanels, type NamedRun, type PlotOptions } from './plot/panels.js';
export { plotRuns, type PlotFileOptions } from './plot/plot-runs.js';
export { loadModel, ModelFileError, saveModel } from './model-files.js';
export { loadGenerator, loadNetworks, saveNetworks } from './networks.js';
export { makeFolder, removeLeftovers, writeFileAtomic } from './write-file.js';
