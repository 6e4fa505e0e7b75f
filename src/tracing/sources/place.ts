/**
 * What orders the transfers of one block, by the best that their source has. All sources of one trace must have the same:
 * - `log index`: of the event, unique in its block;
 * - `transaction index`: of the transaction, where at most one transfer of the asset stands in each;
 * - `order in the file`: the source tells neither.
 */
export type Place = "log index" | "transaction index" | "order in the file";
