/* What is open where. */
function cards(data) {
  const card = (n, text, cls, params) => el("li", {}, el("strong", {class: cls}, number(n)), el("a", {href: hash("/findings", params)}, text));
  return el("ul", {class: "cards"}, GRAVEST_FIRST.map((name) => card(data.severities[name], name, name, {severity: name, state: "open"})),
    card(data.new, "new", "", {state: "new"}), card(data.reopened, "reopened", "", {state: "reopened"}),
    el("li", {}, el("strong", {}, number(data.fixed)), "fixed by the latest runs"),
    el("li", {}, el("strong", {class: "unknown"}, number(data.unknown)), "undecided"));
}

async function showOverview(params) {
  const data = await ask("overview", params);
  const search = el("input", {type: "search", value: params.text || "", autocomplete: "off", spellcheck: "false"});
  const form = el("form", {class: "filters", role: "search", onsubmit: (event) => {
    event.preventDefault();
    location.hash = address("/", {text: search.value});
  }}, el("label", {class: "grow"}, "Name ", search), el("button", {}, "Search"));
  const scopes = table(["Account or repository", "Open", ...GRAVEST_FIRST, "New", "Fixed", "Oldest", "Latest run"], data.items.map((s) => [
    el("a", {href: hash("/findings", {scope: s.scope, state: "open"})}, s.scope), number(s.open), ...counts(s.severities),
    number(s.latest.new + s.latest.reopened), number(s.latest.fixed), s.oldest ? day(s.oldest) : "",
    el("a", {href: hash("/run", {id: s.latest.id})}, clock(s.latest.started)), ]), [1, 2, 3, 4, 5, 6, 7, 8]);
  const accounts = data.accounts.filter((a) => a.name !== "");
  return [section("Overview", cards(data)),
    section("Accounts and repositories", form, wide("Accounts and repositories", scopes), pages(data, "/", params)),
    accounts.length > 0 ? section("By account", wide("By account", table(["Account", "Open", ...GRAVEST_FIRST, "Oldest"], accounts.map((a) => [
      el("a", {href: hash("/findings", {account: a.name, state: "open"})}, a.name), number(a.open), ...counts(a.severities), day(a.oldest)]),
    [1, 2, 3, 4, 5, 6]))) : null];
}
