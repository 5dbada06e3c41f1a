/** Gives the reader a file to keep. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read it only after this function has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
