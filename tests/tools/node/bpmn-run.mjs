// bpmn-run.mjs FILE.bpmn STORIES.json  An engine (bpmn-engine) runs each story, with FEEL read by feelin: a record begins in a stage,
// and in each step makes a choice with what is known of it then. The token must stand where the story says.
// The limit of a stage counts from where the record came in: its timer begins then, and not again while the record stays.
// A story is `{begin, steps: [{at, move, variables, to}], end}`; values like `{"@date": "2026-03-31"}` are dates in FEEL.
import fs from 'node:fs';
import { EventEmitter } from 'node:events';
import lib from './lib.cjs';

const { Engine } = lib.need('bpmn-engine');
const { BpmnModdle } = await lib.load('bpmn-moddle/dist/index.js');
const { evaluate } = await lib.load('feelin/dist/index.js');
const [file, stories] = lib.args('FILE.bpmn STORIES.json', 2);
// This engine reads no FEEL in timers: how long a limit in working time is, it is told here.
const source = fs.readFileSync(file, 'utf8').replace(/>limits\.\w+<\/bpmn:timeDuration>/g, '>PT26H</bpmn:timeDuration>');
// Read once for all stories.
const moddleContext = await new BpmnModdle().fromXML(source);
const report = new lib.Report();

/** Dates and moments, as FEEL knows them. */
function feel(value) {
  if (Array.isArray(value)) return value.map(feel);
  if (value === null || typeof value !== 'object') return value;
  if (value['@date']) return evaluate(`date("${value['@date']}")`).value;
  if (value['@time']) return evaluate(`date and time("${value['@time']}")`).value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, feel(of)]));
}

async function run(story) {
  const found = [];
  let variables = { begin_in: story.begin };
  const scripts = {
    register() {},
    getScript(language, flow) {
      if (!language?.endsWith('/FEEL/')) return undefined;
      const { body } = flow.behaviour.conditionExpression;
      return {
        execute(_, callback) {
          const { value } = evaluate(body, variables);
          if (typeof value !== 'boolean') found.push(`${flow.id}: is ${value}`);
          callback(null, value === true);
        },
      };
    },
  };
  const engine = Engine({ name: 'story', moddleContext, scripts });
  const listener = new EventEmitter();
  const waiting = new Map();
  const ended = new Set();
  listener.on('activity.wait', (api) => waiting.set(api.id, api));
  listener.on('activity.end', (api) => ended.add(api.id));
  const timers = [];
  listener.on('activity.timer', (api) => timers.push(api.id));
  const execution = await engine.execute({ listener });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  await settle();
  for (const { at, move, variables: known, to } of story.steps) {
    const task = waiting.get(`Stage_${at}`);
    if (!task) {
      found.push(`the record is not in ${at}: ${[...waiting.keys()]}`);
      break;
    }
    waiting.delete(`Stage_${at}`);
    variables = { ...feel(known), move };
    ended.clear();
    timers.length = 0;
    task.signal();
    await settle();
    if (!waiting.has(`Stage_${to}`) && !ended.has(`Stage_${to}`)) {
      const now = [...waiting.keys()].filter((id) => id.startsWith('Stage_'));
      found.push(`from ${at} by ${move}: expected ${to}, it stands in ${now}; ended ${[...ended]}`);
      break;
    }
    const begun = timers.filter((id) => id.startsWith('Limit_'));
    const due = to !== at && source.includes(`id="Limit_${to}"`) ? [`Limit_${to}`] : [];
    if (begun.join() !== due.join()) found.push(`from ${at} to ${to}: the timers ${begun} begin, and not ${due}`);
  }
  // What has come to its end cannot be stopped.
  if (execution.state === 'running') await execution.stop();
  return found;
}

const all = JSON.parse(fs.readFileSync(stories, 'utf8'));
for (const [at, story] of all.entries()) report.file(`story ${at}`, await run(story));
report.end('story');
