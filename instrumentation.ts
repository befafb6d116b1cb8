// Next calls this once when the console's server starts: the rooms open at once, so that the timeline is written also
// while nobody looks.

export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs' || process.env['LOGARIUM_DATABASE'] === undefined) return;
  const { consoleRooms } = await import('#server/console-rooms.ts');
  consoleRooms();
}
