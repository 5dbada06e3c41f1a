export { loadModel, ModelFileError, saveModel } from './model-files.js';
export { makeFolder, removeLeftovers, writeFileAtomic } from './write-file.js';
