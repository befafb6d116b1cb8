// What happened to the metadata in one stormy run, and what must be true of it whatever happened: each rule is a function
// from the account to what broke it, so that the rules themselves can be tested.

export interface MetadataAccount {
  /** Topics whose creation was answered as done. */
  readonly answered: readonly string[];
  /** Everything that was ever asked for: nothing else may exist. */
  readonly asked: ReadonlySet<string>;
  /** By node, when all is healed. */
  readonly topics: ReadonlyMap<number, readonly string[]>;
  /** By node: a digest of the batch at each base offset. */
  readonly logs: ReadonlyMap<number, ReadonlyMap<number, string>>;
  readonly controllers: readonly { readonly epoch: number; readonly controllerId: number }[];
  readonly fatal: readonly string[];
}

export type MetadataRule = (account: MetadataAccount) => readonly string[];

/** An answer is a promise: no crash, cut or election takes it back. */
export const answeredTopicsStay: MetadataRule = ({ answered, topics }) =>
  [...topics].flatMap(([nodeId, names]) =>
    answered.filter((name) => !names.includes(name)).map((name) => `node ${nodeId} has lost topic ${name}, which was answered as created`),
  );

export const nothingComesFromNowhere: MetadataRule = ({ asked, topics }) =>
  [...topics].flatMap(([nodeId, names]) =>
    names.filter((name) => !asked.has(name)).map((name) => `node ${nodeId} has topic ${name}, which nobody asked for`),
  );

export const imagesAgree: MetadataRule = ({ topics }) => {
  const [first, ...others] = [...topics.values()].map((names) => names.join(' '));
  return others.every((names) => names === first) ? [] : ['the nodes do not end with the same topics'];
};

/** Raft's log matching: where two logs have a batch at the same offset it is the same one. */
export const logsAgree: MetadataRule = ({ logs }) => {
  const known = new Map<number, { readonly nodeId: number; readonly digest: string }>();
  return [...logs].flatMap(([nodeId, log]) =>
    [...log].flatMap(([offset, digest]) => {
      const other = known.get(offset);
      if (other === undefined) known.set(offset, { nodeId, digest });
      return other === undefined || other.digest === digest
        ? []
        : [`nodes ${other.nodeId} and ${nodeId} differ at metadata offset ${offset}`];
    }),
  );
};

export const oneControllerAnEpoch: MetadataRule = ({ controllers }) => {
  const byEpoch = new Map<number, number>();
  return controllers.flatMap(({ epoch, controllerId }) => {
    const known = byEpoch.get(epoch) ?? controllerId;
    byEpoch.set(epoch, known);
    return known === controllerId ? [] : [`epoch ${epoch} has the controllers ${known} and ${controllerId}`];
  });
};

export const nobodyGaveUp: MetadataRule = ({ fatal }) => fatal.map((reason) => `a node gave up: ${reason}`);

export const metadataRules: readonly MetadataRule[] = [
  answeredTopicsStay,
  nothingComesFromNowhere,
  imagesAgree,
  logsAgree,
  oneControllerAnEpoch,
  nobodyGaveUp,
];
