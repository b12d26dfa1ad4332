import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editedRule } from '../support/model.js';
import { makeScratch } from '../support/scratch.js';

const RULE = ['dist/grants/exchange-decision.js', 'dist/sessions/exchange-keys.js'];

/** Runs the experiments of the checkout at `root` whose name contains `name`. */
function runModel(name: string, root = '.') {
  return spawnSync(process.execPath, [join(root, 'model/main.mjs'), name], { encoding: 'utf8' });
}

describe('npm run model', () => {
  it('prints the trace of a property that fails as expected, and succeeds', () => {
    const { status, stdout } = runModel('without the cut');
    expect(stdout).toMatch(/ {2}without the cut: fails cutIsFinal .*\n {6}1\. tab A /);
    expect(stdout).toMatch(/ {6}Violated: After a cut/);
    expect(status).toBe(0);
  });

  it('fails with a trace if the rule of the server breaks a promise', () => {
    const scratch = makeScratch();
    cpSync('model', join(scratch.path, 'model'), { recursive: true });
    for (const file of RULE) cpSync(file, join(scratch.path, file));
    cpSync('package.json', join(scratch.path, 'package.json'));
    const decision = join(scratch.path, 'dist/grants/exchange-decision.js');
    writeFileSync(decision, readFileSync(decision, 'utf8').replace("outcome: 'repeat'", "outcome: 'superseded'"));

    const { status, stdout } = runModel('keys, changePassword', scratch.path);
    expect(stdout).toMatch(/! keys, changePassword: fails \w+ .*\n {6}1\. /);
    expect(status).toBe(1);
    scratch.remove();
  });

  it('fails if no experiment has the name', () => {
    expect(runModel('no such experiment').status).toBe(1);
  });
});

describe('an edit of the compiled rule', () => {
  it.each([
    ['does not contain', 'no such text'],
    ['contains twice', "outcome: 'superseded'"],
  ])('fails if the rule %s the text', async (_, text) => {
    await expect(editedRule([[text, 'another text']])).rejects.toThrow(text);
  });
});
