import { quoted } from "../../shell-word.ts";
import type { Details } from "../entry.ts";

const MOST_NAMED = 3;

/** Fills {name|fallback}; drops [[...]] parts that need a fact that is not known. Several values: the first few and how many more. */
export function fill(template: string, details: Details): string {
	const first = /^\{(\w+)/.exec(template)?.[1];
	const literal = first !== undefined && known(first, details).length > 0;
	const text = template
		.replace(/\[\[(.*?)\]\]/g, (_, part: string) =>
			[...part.matchAll(/\{(\w+)\}/g)].every(([, name = ""]) => known(name, details).length > 0) ? part : "",
		)
		.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, fallback = "") => {
			const values = known(name, details);
			if (values.length === 0) return fallback;
			const more = values.length - MOST_NAMED;
			const named = values.slice(0, MOST_NAMED).join(", ");
			return more > 0 ? `${named} and ${more} more` : named;
		});
	return literal ? text : text.replace(/^./, (letter) => letter.toUpperCase());
}

/** Fills a command with the first value of each fact, quoted for a shell; a value that could pass for an option is left to its fallback. */
export function fillCommand(template: string, details: Details): string {
	return template.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, fallback = "") => {
		const value = known(name, details)[0];
		return value === undefined || value.startsWith("-") ? fallback : quoted(value);
	});
}

function known(name: string, details: Details): string[] {
	return (details as Record<string, string[] | undefined>)[name]?.filter((value) => value !== "") ?? [];
}
