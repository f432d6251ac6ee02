import { statSync } from "node:fs";
import type { ByteSource } from "../formats/bytes.ts";
import { readPart } from "./files.ts";

/** Parts of a file as a ByteSource: nothing is read but what is asked for. */
export function fileSource(path: string): ByteSource {
	return { size: statSync(path).size, read: (offset, length) => readPart(path, offset, length) };
}
