import { libsByTask, type Task } from '../.vitepress/libs.js';

/** Filled in by VitePress when it builds the site. */
export declare const data: Task[];

/** Puts the published packages into the pages that list them. */
export default { load: libsByTask };
