// The scene: snapshot and facts in, places and dots out. It knows no DOM and no clock; time is an argument.
// Order of a frame: advance(now) takes the facts that are due, then the canvas draws what stands here.

import { applyFacts, emptyClusterState, fromSnapshot, isStructural, keepLostBrokers } from './cluster-state.ts';
import { chooseDetail, details } from './choose-detail.ts';
import { EdgeBook, edgeQuietMs } from './edges.ts';
import { FactQueue } from './fact-queue.ts';
import { makeFigures } from './figures.ts';
import { takeTraffic } from './flows.ts';
import { layoutClass } from './layout-class.ts';
import { layoutTeam, sceneCounts } from './layout-team.ts';
import { HeatBook } from './heat-book.ts';
import { layoutMap, withStates } from './layout-map.ts';
import { isOwnClient } from './own-clients.ts';
import { LedgerBook } from './ledger.ts';
import { measureEdges } from './measured.ts';
import { DotPool, mostDots, travelMs } from './particles.ts';
import { tubeWidths } from './pipe-width.ts';
import { Recent } from './recent.ts';
import { RecentFacts } from './recent-facts.ts';
import { RenderClock } from './render-clock.ts';
import { chooseRatio } from './sampling.ts';
import { hasOtherWriters, measureWrites, recordedWriters } from './recorded-writes.ts';
import { buildStructure, emptyStructure, layoutKeys, type StructureInput } from './structure.ts';
import { TopicActivity } from './topic-activity.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Detail, DetailLevel, LevelChoice } from './detail-level.ts';
import type { DotTarget } from './dot-maker.ts';
import type { Figures } from './figures.ts';
import type { FlowContext } from './flows.ts';
import type { Layout, Structure, Viewport } from './layout.ts';
import type { ClientWrites, TopologySnapshot } from '#server/cluster/port.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

export interface SceneOptions {
  readonly level: LevelChoice;
  readonly isStill: boolean;
  readonly showInternal: boolean;
  /** Idle topics give their room to those in use. */
  readonly foldIdle?: boolean;
  /** While something is told that people follow in the picture, it doesn't change its level by itself. */
  readonly isLevelHeld?: boolean;
}

export interface PastScene {
  readonly picture: TopologySnapshot;
  /** When the picture's offsets were read. */
  readonly keyframeMs: number;
  /** A picture some seconds earlier; null where flows can't be measured. */
  readonly before: TopologySnapshot | null;
  readonly places: Structure;
  /** To be shown at this level, whatever its size; null: as its size asks. */
  readonly level?: DetailLevel | null;
}

/** Facts this late are counted and not drawn: their dots would already have arrived. */
const tooLateMs = travelMs;
/** A reader without a group has a card once it has read for this long; snapshots come more often. */
const lastingReadMs = 3_000;

function layOut(structure: Structure, viewport: Viewport, { level, cell }: Detail): Layout {
  switch (level) {
    case 'class':
      return layoutClass(structure, viewport, cell);
    case 'team':
      return layoutTeam(structure, viewport, cell);
    case 'operations':
    case 'fleet':
      return layoutMap(structure, viewport, { level, cell });
  }
}

export class Scene {
  readonly pool = new DotPool();
  readonly edges = new EdgeBook();
  readonly heat = new HeatBook();
  readonly #queue = new FactQueue();
  readonly #applied = new RecentFacts();
  readonly #clock = new RenderClock();
  readonly #ledger = new LedgerBook();
  readonly #writers = new Recent(edgeQuietMs);
  readonly #readers = new Recent(edgeQuietMs);
  readonly #activity = new TopicActivity();
  #options: SceneOptions = { level: 'auto', isStill: false, showInternal: false };
  #viewport: Viewport = { width: 0, height: 0 };
  #state: ClusterState = emptyClusterState;
  #snapshot: TopologySnapshot | null = null;
  #structure: Structure = emptyStructure;
  #layout: Layout | null = null;
  #placesKey = '';
  #statesKey = '';
  /** What is drawn, or would be; before the first layout it is the classroom as the design has it. */
  #detail: Detail = details[0]!;
  #ratio = 1;
  #dotCap = mostDots;
  #isCoarse = false;
  #momentLevel: DetailLevel | null = null;
  #momentWrites: readonly ClientWrites[] | null = null;
  #shownMs = 0;
  #lastSecond = -1;
  #pausedAtMs: number | null = null;
  #pausedRecords = 0;
  #isRecord = false;
  #widths: readonly number[] = [];
  #figures: Figures | null = null;
  /** Facts of this frame that change the structure. */
  #due: TraceEvent[] = [];
  /** Something changed that the layout doesn't show yet. */
  #isStale = false;
  #version = 0;

  /** Counts up whenever places, states or widths changed: the static layer is drawn again. */
  get version(): number {
    return this.#version;
  }
  get layout(): Layout | null {
    return this.#layout;
  }
  get structure(): Structure {
    return this.#structure;
  }
  get state(): ClusterState {
    return this.#state;
  }
  get snapshot(): TopologySnapshot | null {
    return this.#snapshot;
  }
  get level(): DetailLevel {
    return this.#detail.level;
  }
  get ratio(): number {
    return this.#ratio;
  }
  get widths(): readonly number[] {
    return this.#widths;
  }
  get figures(): Figures | null {
    return this.#figures;
  }
  get ledger() {
    return this.#ledger.entries;
  }
  get isPaused(): boolean {
    return this.#pausedAtMs !== null;
  }
  /** Whether it shows a moment of the record. */
  get isRecord(): boolean {
    return this.#isRecord;
  }
  /** Records produced since the pause. */
  get pausedRecords(): number {
    return this.#pausedRecords;
  }
  /** The moment of the cluster that is drawn. */
  get shownMs(): number {
    return this.#shownMs;
  }

  setOptions(options: SceneOptions): void {
    if (options.isStill && !this.#options.isStill) this.pool.clear();
    this.#options = options;
    this.#restructure();
  }

  setViewport(viewport: Viewport): void {
    if (viewport.width === this.#viewport.width && viewport.height === this.#viewport.height) return;
    this.#viewport = viewport;
    this.#relayout(true);
  }

  /** What the frame budget found. */
  setBudget(dotCap: number, wantsCoarserLevel: boolean): void {
    this.#dotCap = dotCap;
    this.#isCoarse = wantsCoarserLevel;
  }

  takeSnapshot(snapshot: TopologySnapshot): void {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    this.#activity.onSnapshot(snapshot);
    if (before !== null && snapshot.producers === null) measureEdges(this.edges, before, snapshot);
    this.#state = keepLostBrokers(this.#state, this.#applied.onto(fromSnapshot(snapshot, this.#state)));
    this.heat.take(snapshot);
    // The console is connected all the time; it stands at the side only while it writes.
    for (const { clientId } of snapshot.producers ?? []) if (!isOwnClient(clientId)) this.#writers.touch(clientId, snapshot.atMs);
    this.#restructure();
  }

  /** Shows one moment of the record in the stream's place: flows as measured between two pictures, and no dots, because
   *  single records aren't recorded. The time stands until the next moment. `places` keeps everything where it stood live. */
  showMoment({ picture, before, keyframeMs, places, level = null }: PastScene): void {
    this.#isRecord = true;
    this.#momentLevel = level;
    this.#pausedAtMs = picture.atMs;
    this.#shownMs = picture.atMs;
    this.#snapshot = picture;
    for (const edge of this.edges.all) edge.measuredPerSecond = 0;
    const { writes = null } = picture;
    this.#momentWrites = writes;
    if (before !== null) measureEdges(this.edges, before, { ...picture, atMs: keyframeMs });
    const state = fromSnapshot(picture);
    this.#state = writes === null ? { ...state, producers: null } : { ...state, producers: state.producers ?? [] };
    const { topicSlots, topicSizes, groupSlots, clientSlots } = places;
    this.#structure = { ...emptyStructure, topicSlots, topicSizes, groupSlots, clientSlots: writes === null ? [] : clientSlots };
    this.#restructure();
    this.#widths = this.#layout === null ? [] : tubeWidths(this.#layout, this.edges, picture.atMs);
    this.#figures = makeFigures(this.edges.all, { nowMs: picture.atMs, ratio: 1, ledger: this.ledger, isMeasured: true });
    this.#version += 1;
  }

  /** Facts as they come off the stream; drawn later, in their order. */
  takeFacts(events: readonly TraceEvent[], dropped: number, arrivedMs: number): void {
    if (dropped > 0) this.#ledger.add({ droppedFacts: dropped });
    for (const event of events) this.#clock.observe(event.atMs, arrivedMs);
    const undrawn = this.#flowContext(false, this.#clock.renderMs(arrivedMs));
    this.#queue.push(events, (event) => this.#take(event, undrawn));
    this.#applyDue();
  }

  pause(): void {
    if (this.#pausedAtMs !== null || this.#isRecord) return;
    this.#pausedAtMs = this.#shownMs;
    this.#pausedRecords = 0;
  }

  /** Goes on from now, not from where it stopped. */
  resume(): void {
    if (this.#isRecord) return;
    this.#pausedAtMs = null;
    this.pool.clear();
    this.#restructure();
  }

  /** Brings the scene to the browser's `nowMs`. Answers whether a new second began, when figures are made anew. */
  advance(nowMs: number, isVisible = true): boolean {
    const renderMs = this.#clock.renderMs(nowMs);
    const isPaused = this.#pausedAtMs !== null;
    if (!isPaused) this.#shownMs = Math.max(this.#shownMs, renderMs);
    const context = this.#flowContext(isVisible && !isPaused && !this.#options.isStill, renderMs);
    this.#queue.take(renderMs, (event) => this.#take(event, context));
    this.#applyDue();
    if (this.#isStale) this.#restructure(renderMs);
    if (!isPaused) this.pool.retire(this.#shownMs);
    return this.#tick(renderMs);
  }

  #take(event: TraceEvent, context: FlowContext): void {
    if (event.kind === 'produced' && this.#pausedAtMs !== null) this.#pausedRecords += event.recordCount;
    this.#activity.onFact(event);
    const isLate = this.#shownMs - event.atMs > tooLateMs;
    takeTraffic(isLate ? { ...context, target: null } : context, event);
    if (isStructural(event)) this.#due.push(event);
  }

  /** All facts of a frame change the state in one step, and the picture once. */
  #applyDue(): void {
    if (this.#due.length === 0) return;
    for (const event of this.#due) this.#applied.add(event);
    const state = applyFacts(this.#state, this.#due);
    this.#due = [];
    this.#isStale ||= state !== this.#state;
    this.#state = state;
  }

  #flowContext(isDrawn: boolean, renderMs: number): FlowContext {
    const target: DotTarget | null = isDrawn && this.#hasDots() ? { pool: this.pool, ledger: this.#ledger, ratio: this.#ratio } : null;
    return {
      edges: this.edges,
      writers: this.#writers,
      readers: this.#readers,
      target,
      structure: () => this.#structure,
      makeCards: () => {
        this.#isStale = true;
        if (!this.isPaused) this.#build(this.#structure, renderMs);
      },
      onNewFlow: () => {
        this.#isStale = true;
      },
      count: (change) => this.#ledger.add(change),
    };
  }

  #tick(renderMs: number): boolean {
    const second = Math.floor(renderMs / 1_000);
    if (second === this.#lastSecond) return false;
    this.#lastSecond = second;
    this.#writers.forgetBefore(renderMs);
    this.#readers.forgetBefore(renderMs);
    if (this.isPaused) return true;
    this.#chooseRatio(renderMs);
    this.#restructure(renderMs);
    this.#widths = this.#layout === null ? [] : tubeWidths(this.#layout, this.edges, renderMs);
    this.#figures = makeFigures(this.edges.all, {
      nowMs: renderMs,
      ratio: this.#ratio,
      ledger: this.ledger,
      isMeasured: this.#state.producers === null,
    });
    this.#version += 1;
    return true;
  }

  #chooseRatio(renderMs: number): void {
    const dotsPerSecond = this.edges.all.reduce((sum, edge) => sum + edge.records.perSecond(renderMs), 0);
    this.#ratio = chooseRatio(this.#ratio, { dotsPerSecond, travelMs, dotCap: this.#dotCap });
  }

  #restructure(nowMs: number = this.#shownMs): void {
    if (this.isPaused && !this.#isRecord) return;
    this.#isStale = false;
    this.#build(this.#structure, nowMs);
    this.#relayout(false);
  }

  #build(before: Structure, nowMs: number): void {
    const input: StructureInput = {
      state: this.#state,
      level: this.#detail.level,
      showInternal: this.#options.showInternal,
      // Within a moment of the record nothing happens, so that nothing in it is idle.
      ...(this.#options.foldIdle === true && !this.#isRecord ? { isFolded: ({ name }) => this.#activity.isIdle(name, nowMs) } : {}),
      ...this.#writersNow(nowMs),
      readers: this.#readers.keys(lastingReadMs),
      edges: this.edges.all,
      nowMs,
    };
    this.#structure = buildStructure(before, input);
    if (this.#momentWrites === null) return;
    // Which card a client stands on is known only now; with their rates the pipes are.
    measureWrites(this.edges, this.#structure, this.#momentWrites);
    this.#structure = buildStructure(this.#structure, { ...input, edges: this.edges.all });
  }

  #relayout(isForced: boolean): void {
    const { width, height } = this.#viewport;
    if (width === 0 || height === 0) return;
    const { places, states } = layoutKeys(this.#structure);
    const key = `${this.#preferenceKey()}|${places}`;
    const isInPlace = !isForced && key === this.#placesKey;
    if (isInPlace && states === this.#statesKey) return;
    [this.#placesKey, this.#statesKey] = [key, states];
    if (isInPlace && this.#layout?.map) return this.#showStates(this.#layout);
    const detail = this.#chooseDetail();
    const isNewLevel = detail.level !== this.#detail.level;
    this.#detail = detail;
    if (isNewLevel) this.#restructureForLevel();
    if (!this.#hasDots()) this.pool.clear();
    this.#layout = layOut(this.#structure, this.#viewport, detail);
    this.#widths = tubeWidths(this.#layout, this.edges, this.#shownMs);
    this.#version += 1;
  }

  /** On a map only what changed is looked at; nothing moves. */
  #showStates(layout: Layout): void {
    this.#layout = withStates(layout, this.#structure);
    this.#version += 1;
  }

  /** Whatever the detail follows beside the structure. */
  #preferenceKey(): string {
    return [this.#options.level, this.#options.isLevelHeld === true, this.#momentLevel, this.#isCoarse].join(' ');
  }

  /** Bundles at L3 and the map of L4 show no single records. */
  #hasDots(): boolean {
    return this.#detail.level === 'class' || this.#detail.level === 'team';
  }

  /** A level has its own number of places at the sides. */
  #restructureForLevel(): void {
    this.#build({ ...this.#structure, clientSlots: [], groupSlots: [] }, this.#shownMs);
  }

  #writersNow(nowMs: number): Pick<StructureInput, 'writers' | 'hasOtherWriters'> {
    const writes = this.#momentWrites;
    if (writes !== null) return { writers: recordedWriters(writes), hasOtherWriters: hasOtherWriters(writes) };
    return { writers: this.#state.producers === null ? [] : this.#writers.byRate(nowMs) };
  }

  /** What a person chose, else what is held, else what the room asks for. Before the first picture there is nothing to hold. */
  #chooseDetail(): Detail {
    const isHeld =
      this.#options.isLevelHeld === true && this.#layout !== null && (this.#layout.cells.length > 0 || this.#layout.map !== null);
    if (this.#options.level === 'auto' && this.#momentLevel === null && isHeld) return this.#detail;
    const choice = this.#options.level === 'auto' ? (this.#momentLevel ?? 'auto') : this.#options.level;
    const drawn = this.#layout === null ? null : this.#detail;
    return chooseDetail(drawn, sceneCounts(this.#structure), { room: this.#viewport, choice, isCoarse: this.#isCoarse });
  }
}
