export { EventFileWriter, type EventFileOptions } from './event-file-writer.js';
