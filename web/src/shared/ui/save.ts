/** Has the browser save this under that name. */
export function saveBlob(name: string, content: Blob) {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Text that was made here, to be saved as a file. */
export function save(name: string, text: string, type: string) {
  saveBlob(name, new Blob([text], {type}));
}
