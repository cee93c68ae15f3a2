const make = (tag, text = "", ...children) => {
  const element = document.createElement(tag);
  element.textContent = text;
  element.append(...children);
  return element;
};
const row = (...cells) => make("tr", "", ...cells.map((cell) => make("td", cell)));
const model = (content) => Object.entries(content ?? {})
  .map(([type, { schema }]) => `${schema?.$ref?.split("/").pop() ?? schema?.type ?? ""} (${type})`).join(", ");
const limits = ({ type, pattern, minimum, maximum, default: preset, description }) =>
  [type, pattern, minimum !== undefined && `${minimum} to ${maximum}`,
   preset !== undefined && `default ${preset}`, description].filter(Boolean).join(" · ");

// What is told once and referred to: {"$ref": "#/components/headers/ETag"}.
const follow = (item, all) =>
  item.$ref ? item.$ref.slice(2).split("/").reduce((place, name) => place[name], all) : item;

const operation = (all, path, shared, method, { summary, parameters = [], requestBody, responses }) => {
  const head = make("summary", "", make("span", method), make("code", path), ` — ${summary}`);
  head.firstChild.className = "method";
  const inputs = [...shared, ...parameters].map((parameter) => follow(parameter, all)).map(({ name, in: place, description, schema }) =>
    row(`${name} (${place})`, description ?? limits(schema)));
  if (requestBody) inputs.push(row("body", model(requestBody.content)));
  const outputs = Object.entries(responses).map(([status, response]) => {
    const { description, content, headers } = follow(response, all);
    return row(status, description, model(content), Object.keys(headers ?? {}).join(", "));
  });
  return make("details", "", head, make("table", "", ...inputs), make("h3", "Answers"), make("table", "", ...outputs));
};

fetch("/openapi.json").then((answer) => answer.json()).then((all) => {
  const { info, components } = all;
  document.querySelector("#about").textContent = `${info.description} Version ${info.version}.`;
  for (const [path, { parameters = [], ...operations }] of Object.entries(all.paths))
    for (const [method, described] of Object.entries(operations))
      document.querySelector("#paths").append(operation(all, path, parameters, method, described));
  for (const [name, schema] of Object.entries(components.schemas))
    document.querySelector("#models").append(
      make("details", "", make("summary", name), make("pre", JSON.stringify(schema, null, 2))));
}).catch((error) => { document.querySelector("#about").textContent = `The description can't be shown: ${error}`; });
