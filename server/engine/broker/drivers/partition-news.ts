// What happens to a partition, told to whoever watches it: the sessions of fetches that would have to look at it otherwise.

/** What a fetch could notice: the log's end, the high watermark, the log's start, or who leads in which epoch. */
export type PartitionNews = 'appended' | 'committed' | 'start-moved' | 'role-changed';
export type PartitionWatcher = (news: PartitionNews, sizeBytes: number) => void;

export class NewsWire {
  /** Null before the first: nobody watches most partitions of a large broker. */
  #watchers: Set<PartitionWatcher> | null = null;

  /** Returns what ends the watching. */
  watch(watcher: PartitionWatcher): () => void {
    const watchers = (this.#watchers ??= new Set());
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
    };
  }

  tell(news: PartitionNews, sizeBytes: number): void {
    for (const watcher of this.#watchers ?? []) watcher(news, sizeBytes);
  }
}
