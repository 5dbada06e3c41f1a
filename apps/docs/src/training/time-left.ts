/** A time in words, to the minute: `7 min` or `1 h 5 min`. */
export function timeLeft(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
