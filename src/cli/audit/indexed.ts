import type { Deployment } from "../../chain/deployments.ts";
import type { JournalIndex } from "../../journal/store.ts";

/** Does the work with the index that is named, if any. @throws IndexRefusedError, and what the work does */
export async function withIndex<T>(
  file: string | undefined,
  { chainId, addresses: { docket } }: Deployment,
  work: (index?: JournalIndex) => Promise<T>,
): Promise<T> {
  if (file === undefined) return work();
  // SQLite is not in every Node: whoever names no file does without.
  const { JournalIndex } = await import("../../journal/store.ts");
  const index = new JournalIndex(file, { chainId, docket });
  try {
    return await work(index);
  } finally {
    index.close();
  }
}
