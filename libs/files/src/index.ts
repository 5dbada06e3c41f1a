export { loadModel, ModelFileError, saveModel } from './model-files.js';
export { makeFolder, writeFileAtomic } from './write-file.js';
