/** What a shell would act on in a command: what stands in no single quotes (nor $'...') and in no comment. */
export function bareText(command: string): string {
	let bare = "";
	/** What is open: double quotes, and commands in $(...). */
	const open: string[] = [];
	for (let at = 0; at < command.length; at++) {
		const sign = command[at] as string;
		const inside = open.at(-1) === '"';
		if (sign === "\\") at++;
		else if (sign === "'" && !inside) {
			const ansi = command[at - 1] === "$";
			for (at++; at < command.length && command[at] !== "'"; at++) if (ansi && command[at] === "\\") at++;
			if (at >= command.length) throw new Error(`quotes stay open: ${command}`);
		} else if (sign === '"') inside ? open.pop() : open.push(sign);
		else if (sign === "(" && (!inside || command[at - 1] === "$")) open.push(sign);
		else if (sign === ")" && open.at(-1) === "(") open.pop();
		else if (sign === "#" && !inside && /^$|\s/.test(command[at - 1] ?? ""))
			while (at < command.length && command[at] !== "\n") at++;
		else bare += sign;
	}
	return bare;
}
