import { officerId } from "../../orders/approvals.ts";
import type { Surroundings } from "../operation.ts";
import { deskOf, type DeskOptions } from "../order/desk.ts";
import { signerNamed } from "./named.ts";

export interface IdOptions extends DeskOptions {
  json?: boolean;
}

/** Tells whose officer a key would be. Throws as `signerNamed` does. */
export async function tellId(key: string, options: IdOptions, { stdout }: Pick<Surroundings, "stdout">): Promise<void> {
  const { deployment } = await deskOf(options);
  const signer = await signerNamed(key, deployment.addresses.verifiers);
  const id = officerId(signer);
  const data = { schema: "sequester.officer-id/1", signer, officerId: id };
  stdout.write(options.json ? `${JSON.stringify(data)}\n` : `signer  ${signer}\nofficer ${id}\n`);
}
