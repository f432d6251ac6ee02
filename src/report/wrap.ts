/** Words in lines of at most `width` columns, each indented. */
export function wrapped(text: string, indent: number, width: number): string {
	return hung(text, " ".repeat(indent), width);
}

/** As `wrapped`, with `label` in front of the first line and as much room before the others. */
export function hung(text: string, label: string, width: number): string {
	const room = Math.max(20, width - label.length);
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		if (line !== "" && line.length + 1 + word.length > room) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line].map((part, at) => (at === 0 ? label : " ".repeat(label.length)) + part).join("\n");
}
