export { loadModel, ModelFileError, saveModel } from './model-files.js';
export { writeFileAtomic } from './write-file.js';
