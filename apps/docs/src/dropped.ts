/** Files that a reader gave, by their paths in the folder. */
export interface GivenFiles {
  /** Of the folder, or of a file alone. */
  readonly name: string;
  readonly files: ReadonlyMap<string, Blob>;
}

/**
 * The files of an `<input type="file">`, of a folder or not.
 *
 * @throws Error when they are none that tgan reads.
 */
export function pickedFiles(files: readonly File[]): GivenFiles {
  const path = (file: File) => file.webkitRelativePath || file.name;
  return inFolder(new Map(files.map((file) => [path(file), file])));
}

/**
 * The files that were dropped, also those in folders. Call it in the event itself: the browser
 * forgets them afterwards.
 *
 * @throws Error as `pickedFiles`.
 */
export async function droppedFiles({ items }: DataTransfer): Promise<GivenFiles> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry());
  const files = new Map<string, Blob>();
  for (const entry of entries) if (entry) await collect(entry, files);
  return inFolder(files);
}

/** Leaves the name of the folder out of the paths, where all files are in one. */
function inFolder(byPath: ReadonlyMap<string, Blob>): GivenFiles {
  const paths = [...byPath.keys()];
  if (paths.length === 0) throw new Error('there are no files in it');
  if (paths.length === 1 && paths[0].endsWith('.onnx')) {
    throw new Error(
      'an ONNX file has a generator for other programs, and tgan does not read it back; drop the ' +
        'run folder, or what tgan export --format safetensors makes of it',
    );
  }
  const [name] = paths[0].split('/');
  const inOne = paths.every((path) => path.startsWith(`${name}/`));
  const files = new Map(
    [...byPath].map(([path, file]) => [inOne ? path.slice(name.length + 1) : path, file]),
  );
  return { name, files };
}

async function collect(entry: FileSystemEntry, files: Map<string, Blob>): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    files.set(entry.fullPath.slice(1), file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives a part of a large folder at a time, and at its end none.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const inner of entries) await collect(inner, files);
  }
}
