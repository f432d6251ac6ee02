import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const top = fileURLToPath(new URL("../../..", import.meta.url));

/** What is printed for somebody to paste, by the name of the property, the variable or the function that has it. */
const ADVICE = /^(?:suggestions|commands|byHand|remedy|next|advice|install)$/i;

/** A program and a word behind it; in texts of any kind. */
const TYPED =
	/(?:^|: |; |&& |\| |\(|`)(?:sudo )?(?:kprep(?: [a-z]+)?|make|rm|cp|mv|ls|chmod|chown|mkdir|git|grep|find|mount|umount|tar|z?cat|xzcat|sed|dkms|modprobe|modinfo|insmod|depmod|apt(?:-get)?|dnf|pacman|opkg)(?: [^`:]*)? $/;

/** Made of nothing that a tree, a log, an image or a person names; each says why. */
const PLAIN: Record<string, string> = {
	'report/diagnosis-page.ts: tools.join(", ")': "programs of the catalogue",
	"report/doctor.ts: bring.package": "a sentence",
	"report/doctor.ts: sizeText(bring.size)": "a number",
	"report/doctor.ts: ...words": "of this file, the tree quoted",
	"report/doctor.ts: ...target": "of targetWords, which quotes",
	"report/html/verify.ts: diagnosis.id": "an id of the catalogue",
	"report/toolchain.ts: ...words": "of targetWords, which quotes",
	"report/verify/checks.ts: diagnosis.id": "an id of the catalogue",
	'tree/plan/make.ts: goals[stage].join(" ")': "goals of a table",
	"workflows/build/recipe.ts: configure": "one of four names",
	'workflows/build/run-make.ts: tree.base.split(".").slice(0, 2).join(".")': "two numbers, in a sentence",
	"workflows/package/deb.ts: ...depends": "for dpkg",
	"workflows/package/host-arch.ts: host.triplet": "a name of the table",
	"checks/config.ts: context.verifyCommand": "made by treeCommand, which quotes",
	"checks/rust.ts: syncCommand": "made by treeCommand, which quotes",
	"checks/toolchain.ts: syncCommand": "made by treeCommand, which quotes",
	"checks/vermagic.ts: verifyCommand": "made by treeCommand, which quotes",
	"cli/command.ts: near": "a flag of kprep",
	"cli/command.ts: unknown": "what was typed just now",
	'cli/settings.ts: command.id.replaceAll(":", " ")': "a command of kprep",
	"commands/source/list.ts: ...targetWords(flags)": "quotes",
	"commands/source/list.ts: get": "of targetWords, which quotes",
	"host/archive/decompress.ts: debianPackage": "of a table",
	"host/boot/init.ts: compilerPackage": "of a table",
	"host/boot/machines.ts: emulator.package": "of a table",
	"host/files/log-input.ts: file": "quoted where it is called",
	"host/packages/pacman.ts: offer.byHand": "quoted where it is made",
	"host/process/run.ts: program": "no command: a name in a sentence",
	"main.ts: near": "a command of kprep",
	"report/sync/index.ts: buildCommand(report)": "quotes",
	"report/sync/index.ts: ...targetWords(spec)": "quotes",
	"workflows/explain/entry.ts: other": "an id of the catalogue",
	"workflows/package/host-arch.ts: host.arch": "a name of the table",
	"workflows/verify/index.ts: ...targetWords(specOf(request, target))": "quotes",
	"workflows/verify/index.ts: name": "sync or verify",
	'workflows/sync/failure.ts: command.replace(/\\s+/g, " ").slice(0, 600)':
		"the very command that make ran, for a shell already",
};

test("no command that is printed has a word that could act in a shell: quoted() is around it", () => {
	const bare = sources().flatMap(([file, text]) => {
		const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
		return holesOf(source).map((hole) => `${file}: ${hole}`);
	});
	expect(bare.filter((it) => !(it in PLAIN))).toEqual([]);
	expect(Object.keys(PLAIN).filter((it) => !bare.includes(it))).toEqual([]);
});

function sources(): [file: string, text: string][] {
	const files = readdirSync(join(top, "src"), { recursive: true, encoding: "utf8" });
	return (
		files
			// What the catalogue fills in is held by test/unit/kernel/failures/hostile.test.ts.
			.filter((file) => file.endsWith(".ts") && !file.startsWith("kernel/failures/"))
			.sort()
			.map((file) => [file, readFileSync(join(top, "src", file), "utf8")])
	);
}

function holesOf(source: ts.SourceFile): string[] {
	const found = new Set<string>();
	const look = (node: ts.Node, advice: boolean): void => {
		if (isQuoting(node) || isTold(node)) return;
		const inside = advice || isAdvice(node);
		for (const part of inside ? [] : typedParts(node)) if (!isSafe(part)) found.add(part.getText());
		if (ts.isTemplateExpression(node)) {
			let before = node.head.text;
			for (const { expression, literal } of node.templateSpans) {
				if ((inside || TYPED.test(before)) && !isSafe(expression)) found.add(expression.getText());
				before += `x${literal.text}`;
			}
		}
		ts.forEachChild(node, (child) => look(child, inside));
	};
	look(source, false);
	return [...found];
}

function isAdvice(node: ts.Node): boolean {
	if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node))
		return ts.isIdentifier(node.name) && ADVICE.test(node.name.text);
	if (node.parent === undefined || !ts.isCallExpression(node.parent)) return false;
	if (!ts.isIdentifier(node.parent.expression)) return false;
	const at = node.parent.arguments.indexOf(node as ts.Expression);
	const [aim] = named(node.parent.expression.text, node, ts.isFunctionDeclaration);
	return ADVICE.test(aim?.parameters[at]?.name.getText() ?? "");
}

/** The words of ["kprep sync", path, ...words].join(" "). */
function typedParts(node: ts.Node): readonly ts.Node[] {
	if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
	const { expression, name } = node.expression;
	if (name.text !== "join" || !ts.isArrayLiteralExpression(expression)) return [];
	const [first] = expression.elements;
	return first !== undefined && ts.isStringLiteralLike(first) && TYPED.test(`${first.text} `)
		? expression.elements
		: [];
}

/** Progress, and the sentence of an error: nothing of it is to be typed. */
function isTold(node: ts.Node): boolean {
	if (ts.isCallExpression(node)) return /\bprogress\.\w+$|^timed$/.test(node.expression.getText());
	const within = node.parent;
	return (
		within !== undefined &&
		ts.isNewExpression(within) &&
		within.expression.getText() === "KprepError" &&
		within.arguments?.[2] === node
	);
}

function isQuoting(node: ts.Node): boolean {
	return ts.isCallExpression(node) && /^(?:posixQ|q)uoted$/.test(node.expression.getText());
}

/** Whether an expression gives only words that are quoted, numbers, or what stands in the source. */
function isSafe(node: ts.Node | undefined, seen: readonly ts.Node[] = []): boolean {
	if (node === undefined || seen.includes(node)) return false;
	const safe = (one: ts.Node | undefined) => isSafe(one, [...seen, node]);
	if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || isQuoting(node)) return true;
	if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node)) return safe(node.expression);
	if (ts.isConditionalExpression(node)) return safe(node.whenTrue) && safe(node.whenFalse);
	if (ts.isBinaryExpression(node)) return safe(node.left) && safe(node.right);
	if (ts.isTemplateExpression(node)) return node.templateSpans.every((span) => safe(span.expression));
	if (ts.isArrayLiteralExpression(node)) return node.elements.every(safe);
	if (ts.isPropertyAccessExpression(node)) return node.name.text === "length";
	if (ts.isIdentifier(node)) {
		if (/^[A-Z][A-Z_]+$/.test(node.text)) return true;
		const [made] = named(node.text, node, ts.isVariableDeclaration);
		return safe(made?.initializer);
	}
	if (!ts.isCallExpression(node)) return false;
	const called = node.expression;
	if (ts.isIdentifier(called)) {
		const [aim] = named(called.text, node, ts.isFunctionDeclaration);
		const results = aim?.body === undefined ? [] : returned(aim.body);
		return results.length > 0 && results.every(safe);
	}
	if (!ts.isPropertyAccessExpression(called)) return false;
	if (["join", "slice", "filter", "at"].includes(called.name.text)) return safe(called.expression);
	if (!["map", "flatMap"].includes(called.name.text)) return false;
	const [turned] = node.arguments;
	if (turned?.getText() === "quoted") return true;
	return turned !== undefined && ts.isArrowFunction(turned) && safe(turned.body);
}

/** The declarations of that name in the nearest scope around `from` that has one. */
function named<T extends ts.Node & { name?: ts.Node }>(
	name: string,
	from: ts.Node,
	is: (node: ts.Node) => node is T,
): T[] {
	for (let scope: ts.Node | undefined = from.parent; scope; scope = scope.parent) {
		if (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isFunctionLike(scope)) continue;
		const found: T[] = [];
		let hides = false;
		const look = (node: ts.Node): void => {
			if ((ts.isParameter(node) || ts.isBindingElement(node)) && node.name.getText() === name) hides = true;
			if (is(node) && node.name?.getText() === name) found.push(node);
			if (!ts.isBlock(node) && !ts.isFunctionLike(node)) ts.forEachChild(node, look);
		};
		ts.forEachChild(scope, look);
		if (hides || found.length > 0) return hides ? [] : found;
	}
	return [];
}

/** What a function gives back. */
function returned(body: ts.Node): ts.Node[] {
	const found: ts.Node[] = [];
	const look = (node: ts.Node): void => {
		if (ts.isReturnStatement(node)) found.push(node.expression ?? node);
		else if (!ts.isFunctionLike(node)) ts.forEachChild(node, look);
	};
	look(body);
	return found;
}
