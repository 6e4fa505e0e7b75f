import { agencyOf } from "../../audit/tables.ts";
import { tableOf } from "../../base/table.ts";
import { isoOf } from "../../base/time.ts";
import { officerKind } from "../../orders/acts/officers.ts";
import { asOf, custodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import type { Streams } from "../order/place.ts";

export interface OfficerListOptions extends NodeOptions {
  all?: boolean;
  json?: boolean;
}

/** Prints the officers by agency, and when an approval of each counted last; `all`: those who were dismissed, too. */
export async function listOfficers(options: OfficerListOptions, { stdout, stderr }: Streams): Promise<void> {
  const custody = await custodyAt(options);
  const { powers, block } = custody;
  const officers = [...powers.officers.values()]
    .filter(({ dismissed }) => options.all === true || dismissed === undefined)
    .sort((a, b) => a.agency - b.agency || a.since - b.since)
    .map(({ id, account, kind, agency, since, lastSigned, dismissed }) => ({
      agency: agencyOf(powers, agency),
      kind: officerKind(kind) ?? String(kind),
      account,
      id,
      since: isoOf(since),
      ...(lastSigned !== undefined && { lastSigned: isoOf(lastSigned) }),
      ...(dismissed !== undefined && { dismissed: isoOf(dismissed.at), compromised: dismissed.compromised }),
    }));
  const rows = officers.map(({ agency, kind, account, id, since, lastSigned, dismissed, compromised }) => [
    agency,
    kind,
    account,
    id,
    since,
    lastSigned ?? "never",
    dismissed === undefined ? "" : `dismissed ${dismissed}${compromised ? ", key in wrong hands" : ""}`,
  ]);
  const heading = ["agency", "kind", "key, contract or verifier", "id", "since", "signed last", ""];
  stdout.write(
    options.json
      ? `${JSON.stringify({ schema: "sequester.officers/1", block, officers })}\n`
      : `${tableOf([heading, ...rows]).join("\n")}\n`,
  );
  stderr.write(asOf(custody));
}
