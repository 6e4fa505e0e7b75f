import { FileAccessError } from "../../base/files.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { bundleOfDigests, type Bundle, type BundledType } from "../../orders/bundle.ts";
import { isFolder, readOrders, type OrderPaper } from "./papers.ts";

/** A folder whose orders are not of one act. Exit code 64. */
export class SeveralActsError extends SequesterError {
  override name = "SeveralActsError";
  constructor(folder: string, has: readonly string[]) {
    super(`${folder} has no orders of one act.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has.join(", ") || "none"}`, "needs: orders of one act, in files *.order.json"],
    });
  }
}

/** The orders of one act in a folder, as a bundle lists them: ascending by digest, whatever their files are called. */
export async function readFolder(dir: string): Promise<OrderPaper[]> {
  if (!isFolder(dir))
    throw new FileAccessError(dir, "a folder of orders", new Error("a file, where a folder is meant"));
  const orders = await readOrders(dir);
  const acts = [...new Set(orders.map(({ order }) => order.primaryType))];
  if (acts.length !== 1) throw new SeveralActsError(dir, acts);
  return orders.sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/** The bundle of orders in their order. @throws UnbundledActError, DuplicateOrderError */
export const bundleIn = (orders: readonly OrderPaper[]): Bundle =>
  bundleOfDigests(
    orders[0]!.order.primaryType as BundledType,
    orders.map(({ digest }) => digest),
  );
