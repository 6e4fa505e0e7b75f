import type { TransfersBuilder } from "../transfers/builder.ts";
import * as cells from "./cells.ts";
import { FileOrder, type Unplaced } from "./fileOrder.ts";
import { formatOf, knownHeaders, type Format, type Recognised, type Role } from "./formats.ts";
import type { Place } from "./place.ts";
import type { CsvRecord } from "./record.ts";
import { HeaderRefusedError, RowRefusedError, shown, TransfersRefusedError } from "./refused.ts";
import { countOf } from "../../base/words.ts";

/** The greatest place in a block that is taken. */
const MOST_PLACE = 2 ** 32 - 2;

/** What became of a file's rows: rows = taken + otherAssets. */
export interface Counts {
  readonly format: Format;
  readonly rows: number;
  readonly taken: number;
  readonly otherAssets: number;
}

interface Waiting extends Unplaced {
  readonly hash: string;
  readonly time: number | null;
  readonly from: number;
  readonly to: number;
  readonly value: number | bigint;
}

/** Checks rows of files of all forms and gives the transfers of one asset to a builder. */
export class TransferIntake {
  readonly #builder: TransfersBuilder;
  readonly #decimals: number | undefined;
  /** The 40 lower-case digits of the asset, and who says so. */
  #asset: { digits: Buffer; said: string } | undefined;
  /** Names the asset, or the first row that has one. */
  readonly #isAssetChosen: boolean;
  #place: { place: Place; file: string } | undefined;
  readonly #order: FileOrder<Waiting>;

  #file = "";
  #format: Format | undefined;
  #columns: Partial<Record<Role, number>> = {};
  #width = 0;
  #rows = 0;
  #taken = 0;
  #otherAssets = 0;

  /** @param asset lower-case address. */
  constructor(
    builder: TransfersBuilder,
    { asset, decimals }: { asset?: string | undefined; decimals?: number | undefined },
  ) {
    this.#builder = builder;
    this.#decimals = decimals;
    this.#isAssetChosen = asset !== undefined;
    if (asset !== undefined) this.#asset = { digits: Buffer.from(asset.slice(2)), said: "the options" };
    this.#order = new FileOrder(({ block, hash, time, from, to, value, line }, place) => {
      builder.append(block, place, from, to, value, line, time);
      builder.hash(hash);
    });
  }

  /** Lower-case address; null where nothing told it. */
  get asset(): string | null {
    return this.#asset === undefined ? null : `0x${this.#asset.digits.toString("latin1")}`;
  }

  /** What orders the transfers of a block; undefined before the first file. */
  get place(): Place | undefined {
    return this.#place?.place;
  }

  /**
   * Takes the header of the file that follows.
   * @returns the column of each role that is read.
   * @throws HeaderRefusedError, RowRefusedError, TransfersRefusedError
   */
  begin(file: string, header: readonly string[]): Recognised {
    const names = header.map((name) => name.trim());
    const recognised = formatOf(names);
    if (recognised === undefined) throw new HeaderRefusedError(file, header, knownHeaders());
    const { format, columns } = recognised;
    const twice = Object.values(columns).find((column) => names.indexOf(names[column] as string, column + 1) >= 0);
    if (twice !== undefined) {
      const what = `the column ${names[twice]} is there twice`;
      throw new RowRefusedError({ file, line: 1 }, what, shown(header.join(",")), "each column once");
    }
    if (format.values === "decimal" && this.#decimals === undefined) {
      const has = `decimal values in ${file}`;
      throw new TransfersRefusedError("the decimals of the asset are not known", has, "--decimals N");
    }
    if (this.#place !== undefined && this.#place.place !== format.place) {
      const has = `${this.#place.place} in ${this.#place.file}, ${format.place} in ${file}`;
      throw new TransfersRefusedError("their order is not known", has, "files that order a block in the same way");
    }
    this.#place ??= { place: format.place, file };
    this.#file = file;
    this.#format = format;
    this.#columns = columns;
    this.#width = header.length;
    this.#rows = this.#taken = this.#otherAssets = 0;
    this.#builder.file(file);
    this.#order.begin(file);
    return recognised;
  }

  /** Whether the file tells of which asset a row is. */
  get tellsAsset(): boolean {
    return this.#columns.asset !== undefined;
  }

  /** The file has no more rows. */
  end(): Counts {
    this.#order.end();
    const format = this.#format as Format;
    return { format, rows: this.#rows, taken: this.#taken, otherAssets: this.#otherAssets };
  }

  /** @throws RowRefusedError, TransfersRefusedError */
  take(record: CsvRecord, line: number): void {
    if (record.count !== this.#width) {
      const what = "it has another number of fields than the header";
      throw new RowRefusedError({ file: this.#file, line }, what, String(record.count), String(this.#width));
    }
    this.#rows += 1;
    const { bytes, starts, ends } = record;
    if (!this.#isOfAsset(record, line)) {
      this.#otherAssets += 1;
      return;
    }
    this.#taken += 1;
    const { block: blockColumn = 0, place: placeColumn, hash: hashColumn, time: timeColumn } = this.#columns;
    const block = cells.wholeAt(bytes, starts[blockColumn] as number, ends[blockColumn] as number);
    if (block < 0) throw this.#refuse("block", record, line, "is no whole number", "a number of at most 15 digits");
    const from = this.#account("from", record, line);
    const to = this.#account("to", record, line);
    const value = this.#value(record, line);
    let time: number | null = null;
    if (timeColumn !== undefined) {
      time = cells.wholeAt(bytes, starts[timeColumn] as number, ends[timeColumn] as number);
      if (time < 0) throw this.#refuse("time", record, line, "is no time", "Unix seconds");
    }
    if (placeColumn === undefined) {
      const hash = this.#hash(record, line);
      this.#order.add({ block, line, hash, time, from, to, value });
      return;
    }
    const place = cells.wholeAt(bytes, starts[placeColumn] as number, ends[placeColumn] as number);
    if (place < 0 || place > MOST_PLACE) {
      throw this.#refuse("place", record, line, "is no whole number", `a number up to ${MOST_PLACE}`);
    }
    this.#builder.append(block, place, from, to, value, line, time);
    if (hashColumn === undefined) return;
    const at = cells.hashAt(bytes, starts[hashColumn] as number, ends[hashColumn] as number);
    if (at < 0 || !this.#builder.hashDigits(bytes, at)) throw this.#refuseHash(record, line);
  }

  #hash(record: CsvRecord, line: number): string {
    const hash = this.#text("hash", record);
    if (!/^0x[0-9a-f]{64}$/i.test(hash)) throw this.#refuseHash(record, line);
    return hash;
  }

  #account(role: "from" | "to", record: CsvRecord, line: number): number {
    const column = this.#columns[role] as number;
    const { bytes, starts, ends } = record;
    const at = cells.addressAt(bytes, starts[column] as number, ends[column] as number);
    const account = at < 0 ? -1 : this.#builder.accounts.ofDigits(bytes, at);
    if (account < 0) throw this.#refuse(role, record, line, "is no address", "0x and 40 hexadecimal digits");
    if (!cells.hasChecksumAt(bytes, at)) {
      const needs = "lower case, or digits in the case that EIP-55 gives them";
      throw this.#refuse(role, record, line, "has a wrong checksum", needs);
    }
    return account;
  }

  #value(record: CsvRecord, line: number): number | bigint {
    const column = this.#columns.value as number;
    const { bytes, starts, ends } = record;
    const isDecimal = this.#format?.values === "decimal";
    if (!isDecimal) {
      const units = cells.unitsAt(bytes, starts[column] as number, ends[column] as number);
      if (typeof units !== "string") return units;
      const hex = this.#format?.name === "cryo" ? cells.hexUnitsOf(this.#text("value", record)) : undefined;
      if (hex !== undefined) return hex;
      throw this.#refuse("value", record, line, units, "base units: a whole number, 0 to 2^256 - 1");
    }
    const units = cells.decimalUnitsOf(this.#text("value", record), this.#decimals as number);
    if (typeof units !== "string") return units;
    throw this.#refuse(
      "value",
      record,
      line,
      units,
      `a number with at most ${countOf(this.#decimals as number, "decimal")}, from 0`,
    );
  }

  #isOfAsset(record: CsvRecord, line: number): boolean {
    const column = this.#columns.asset;
    if (column === undefined) return true;
    const { bytes, starts, ends } = record;
    const at = cells.addressAt(bytes, starts[column] as number, ends[column] as number);
    if (at < 0 || !cells.areDigits(bytes, at)) {
      throw this.#refuse("asset", record, line, "is no address", "0x and 40 hexadecimal digits");
    }
    if (this.#asset === undefined) {
      const digits = Buffer.from(cells.textAt(bytes, at, at + 40).toLowerCase());
      this.#asset = { digits, said: `${this.#file}:${line}` };
    }
    if (cells.isAddressAt(bytes, at, this.#asset.digits)) return true;
    if (this.#isAssetChosen) return false;
    const other = this.#text("asset", record).toLowerCase();
    const has = `${this.asset} at ${this.#asset.said}, ${other} at ${this.#file}:${line}`;
    throw new TransfersRefusedError("they are of several assets", has, "--asset ADDRESS, to trace one of them");
  }

  #text(role: Role, record: CsvRecord): string {
    return record.text(this.#columns[role] as number);
  }

  #refuse(role: Role, record: CsvRecord, line: number, fault: string, needs: string): RowRefusedError {
    const has = shown(this.#text(role, record));
    return new RowRefusedError({ file: this.#file, line }, `its ${this.#nameOf(role)} ${fault}`, has, needs);
  }

  #refuseHash(record: CsvRecord, line: number): RowRefusedError {
    return this.#refuse("hash", record, line, "is no transaction hash", "0x and 64 hexadecimal digits");
  }

  /** What the role is called, also where the column has another name. */
  #nameOf(role: Role): string {
    if (role === "hash") return "transaction hash";
    return role === "place" ? (this.#format?.place ?? "place") : role;
  }
}
