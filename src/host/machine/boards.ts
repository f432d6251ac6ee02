import { readdirSync, readFileSync } from "node:fs";
import { type Board, parseBoard } from "../../kernel/source/board.ts";
import { templatePath } from "./templates.ts";

let read: Board[] | undefined;

/** All of templates/boards/, in the order of their names; read once. */
export function readBoards(): readonly Board[] {
	read ??= readdirSync(templatePath("boards"))
		.filter((name) => name.endsWith(".json"))
		.sort()
		.map((name) => parseBoard(JSON.parse(readFileSync(templatePath("boards", name), "utf8"))));
	return read;
}
