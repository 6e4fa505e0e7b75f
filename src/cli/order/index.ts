import type { Command } from "commander";
import type { Surroundings } from "../operation.ts";
import { addOrderReading } from "./reading.ts";
import { addOrderWriting } from "./writing.ts";

/** Adds `sequester order …`. */
export function addOrder(program: Command, surroundings: Surroundings): void {
  const order = program.command("order").description("orders: written, read, verified, signed, file by file");
  addOrderWriting(order, surroundings);
  addOrderReading(order, surroundings);
}
