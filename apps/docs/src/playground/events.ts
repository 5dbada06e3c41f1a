/** The text of the input or the select that an event is of. */
export const textOf = (event: Event): string =>
  (event.target as HTMLInputElement | HTMLSelectElement).value;

export const numberOf = (event: Event): number => Number(textOf(event));
