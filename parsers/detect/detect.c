/* Classification of files. The tables say which names and which top-level keys make a kind. */
#include "parsers/detect/detect.h"

#include "engine/base/arena.h"
#include "parsers/detect/ignore.h"

static const struct {
    const char *name;
    as_file_support support;
} kinds[] = {
        [AS_FILE_OTHER] = {"other", AS_FILE_IGNORED},
#define AS_FILE_KIND(id, name, support) [AS_FILE_##id] = {name, support},
#include "parsers/detect/kinds.def"
#undef AS_FILE_KIND
};

const char *as_file_kind_name(as_file_kind kind)
{
    return kinds[kind].name;
}

as_file_support as_file_kind_support(as_file_kind kind)
{
    return kinds[kind].support;
}

/* --- by name ---------------------------------------------------------------------------------- */

typedef enum subject {
    BASE,  /* the last component */
    PATH,  /* the whole path; "**" + "/" matches any folders in front, none too */
    CHART, /* the path below the chart's folder; never matches outside a chart */
} subject;

typedef struct name_rule {
    subject of;
    const char *glob;
    as_file_kind kind;
} name_rule;

/* The first that matches decides. */
static const name_rule name_rules[] = {
        {CHART, "Chart.yaml", AS_FILE_CHART},
        {CHART, "Chart.lock", AS_FILE_CHART_LOCK},
        {CHART, "requirements.yaml", AS_FILE_CHART_LOCK},
        {CHART, "requirements.lock", AS_FILE_CHART_LOCK},
        {CHART, "templates/**", AS_FILE_CHART_TEMPLATE},
        {CHART, "crds/**", AS_FILE_CHART_CRD},
        {CHART, "files/**", AS_FILE_CHART_FILE},
        {CHART, "charts/*.tgz", AS_FILE_CHART_ARCHIVE},
        {CHART, "values.yaml", AS_FILE_VALUES},
        {CHART, "values[-_.]*.yaml", AS_FILE_VALUES},
        {CHART, "values[-_.]*.yml", AS_FILE_VALUES},
        {CHART, "values.yml", AS_FILE_VALUES},
        {CHART, "*[-_.]values.yaml", AS_FILE_VALUES},
        {CHART, "*[-_.]values.yml", AS_FILE_VALUES},
        {CHART, "ci/*values.yaml", AS_FILE_VALUES},
        {CHART, "values/**", AS_FILE_VALUES},
        {BASE, "*.tftest.hcl", AS_FILE_TERRAFORM_TEST},
        {BASE, "*.tftest.json", AS_FILE_TERRAFORM_TEST},
        {BASE, "*.tofutest.hcl", AS_FILE_TERRAFORM_TEST},
        {BASE, "*.tf", AS_FILE_TERRAFORM},
        {BASE, "*.tf.json", AS_FILE_TERRAFORM},
        {BASE, "*.tofu", AS_FILE_TERRAFORM},
        {BASE, "*.tofu.json", AS_FILE_TERRAFORM},
        {BASE, "*.tfvars", AS_FILE_TFVARS},
        {BASE, "*.tfvars.json", AS_FILE_TFVARS},
        {BASE, "*.tfstate", AS_FILE_STATE},
        {BASE, "*.assay-live.json", AS_FILE_LIVE},
        {BASE, "*.ndjson.zst", AS_FILE_SNAPSHOT_PART},
        {BASE, "*.ndjson.zst.cms", AS_FILE_SNAPSHOT_PART},
        {BASE, ".terraform.lock.hcl", AS_FILE_TERRAFORM_LOCK},
        {BASE, "terragrunt.hcl", AS_FILE_TERRAGRUNT},
        {BASE, "terragrunt.stack.hcl", AS_FILE_TERRAGRUNT},
        {BASE, "*.pkr.hcl", AS_FILE_PACKER},
        {BASE, "*.pkr.json", AS_FILE_PACKER},
        {BASE, "*.nomad", AS_FILE_NOMAD},
        {BASE, "*.nomad.hcl", AS_FILE_NOMAD},
        {BASE, "*.bicep", AS_FILE_ARM},
        {BASE, "kustomization.yaml", AS_FILE_KUSTOMIZATION},
        {BASE, "kustomization.yml", AS_FILE_KUSTOMIZATION},
        {BASE, "Kustomization", AS_FILE_KUSTOMIZATION},
        {PATH, "**/.github/workflows/*.yml", AS_FILE_GITHUB_WORKFLOW},
        {PATH, "**/.github/workflows/*.yaml", AS_FILE_GITHUB_WORKFLOW},
        {PATH, "**/.gitea/workflows/*.yml", AS_FILE_GITHUB_WORKFLOW},
        {PATH, "**/.gitea/workflows/*.yaml", AS_FILE_GITHUB_WORKFLOW},
        {PATH, "**/.forgejo/workflows/*.yml", AS_FILE_GITHUB_WORKFLOW},
        {PATH, "**/.forgejo/workflows/*.yaml", AS_FILE_GITHUB_WORKFLOW},
        {BASE, "*.gitlab-ci.yml", AS_FILE_GITLAB_CI},
        {BASE, "*.gitlab-ci.yaml", AS_FILE_GITLAB_CI},
        {PATH, "**/.gitlab/ci/**/*.yml", AS_FILE_GITLAB_CI},
        {PATH, "**/.gitlab-ci/**/*.yml", AS_FILE_GITLAB_CI},
        {BASE, "azure-pipelines*.y*ml", AS_FILE_AZURE_PIPELINE},
        {PATH, "**/.circleci/*.yml", AS_FILE_CIRCLECI},
        {BASE, "bitbucket-pipelines.yml", AS_FILE_BITBUCKET},
        {BASE, "Jenkinsfile*", AS_FILE_JENKINS},
        {BASE, "docker-compose*.y*ml", AS_FILE_COMPOSE},
        {BASE, "compose.y*ml", AS_FILE_COMPOSE},
        {BASE, "Dockerfile", AS_FILE_DOCKERFILE},
        {BASE, "Dockerfile.*", AS_FILE_DOCKERFILE},
        {BASE, "*.Dockerfile", AS_FILE_DOCKERFILE},
        {BASE, "*.dockerfile", AS_FILE_DOCKERFILE},
        {BASE, "Containerfile", AS_FILE_DOCKERFILE},
        {BASE, "Pulumi*.yaml", AS_FILE_PULUMI},
        {BASE, "helmfile.yaml", AS_FILE_HELMFILE},
        {BASE, "helmfile.yaml.gotmpl", AS_FILE_HELMFILE},
        {BASE, "serverless.yml", AS_FILE_SERVERLESS},
        {BASE, "package.json", AS_FILE_JSON},
        {BASE, "package-lock.json", AS_FILE_JSON},
        {BASE, "tsconfig*.json", AS_FILE_JSON},
        {BASE, "pnpm-lock.yaml", AS_FILE_YAML},
        {BASE, ".npmrc", AS_FILE_PACKAGE_SOURCE},
        {BASE, "pip.conf", AS_FILE_PACKAGE_SOURCE},
        {BASE, "pip.ini", AS_FILE_PACKAGE_SOURCE},
        {BASE, "settings.xml", AS_FILE_PACKAGE_SOURCE},
        {BASE, "hosts", AS_FILE_ANSIBLE_INVENTORY},
        {BASE, "hosts.ini", AS_FILE_ANSIBLE_INVENTORY},
        {BASE, "inventory", AS_FILE_ANSIBLE_INVENTORY},
        {BASE, "inventory.ini", AS_FILE_ANSIBLE_INVENTORY},
        {PATH, "**/group_vars/**", AS_FILE_ANSIBLE_VARS},
        {PATH, "**/host_vars/**", AS_FILE_ANSIBLE_VARS},
        {PATH, "**/roles/*/defaults/*.y*ml", AS_FILE_ANSIBLE_VARS},
        {PATH, "**/roles/*/vars/*.y*ml", AS_FILE_ANSIBLE_VARS},
        {PATH, "**/roles/*/meta/*.y*ml", AS_FILE_ANSIBLE_VARS},
        {PATH, "**/roles/*/tasks/**", AS_FILE_ANSIBLE_TASKS},
        {PATH, "**/roles/*/handlers/**", AS_FILE_ANSIBLE_TASKS},
};

static as_str base_of(as_str path)
{
    size_t slash = as_str_rfind_char(path, '/');

    return slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
}

static bool has_yaml_name(as_str path)
{
    return as_str_ends(path, ".yaml") || as_str_ends(path, ".yml");
}

bool as_detect_name(as_str path, as_str chart, bool in_chart, as_file_kind *kind)
{
    as_str base = base_of(path);
    as_str below = as_str_from_index(path, chart.n ? chart.n + 1 : 0);

    for (size_t i = 0; i < sizeof name_rules / sizeof name_rules[0]; i++) {
        const name_rule *rule = &name_rules[i];
        as_str text = rule->of == BASE ? base : rule->of == PATH ? path : below;
        if (rule->of == CHART && !in_chart)
            continue;
        if (!as_ignore_glob(as_str_from(rule->glob), text))
            continue;
        *kind = rule->kind;
        return true;
    }
    *kind = has_yaml_name(path)                                          ? AS_FILE_YAML
            : as_str_ends(path, ".json") || as_str_ends(path, ".ndjson") ? AS_FILE_JSON
                                                                         : AS_FILE_OTHER;
    return *kind == AS_FILE_OTHER;
}

/* --- by content ------------------------------------------------------------------------------- */

/* The top-level keys that tell kinds apart; a set of them is a bit mask. */
#define KEYS(X)                                                                                    \
    X(apiVersion)                                                                                  \
    X(kind)                                                                                        \
    X(items) X(format_version) X(terraform_version) X(planned_values) X(resource_changes)          \
            X(values) X(serial) X(lineage) X(jobs) X(on) X(runs) X(stages) X(hosts) X(tasks)       \
                    X(roles) X(import_playbook) X(AWSTemplateFormatVersion) X(Resources)           \
                            X(Transform) X(services) X(openapi) X(swagger) X(contentVersion)       \
                                    X(resources) X(generatorOptions) X(steps)

enum {
#define INDEX(key) INDEX_##key,
    KEYS(INDEX)
#undef INDEX
            N_KEYS
};
enum {
#define BIT(key) HAS_##key = 1 << INDEX_##key,
    KEYS(BIT)
#undef BIT
            IS_LIST = 1 << N_KEYS, /* the document is a sequence; the keys are those of its items */
    IS_TEMPLATE = 2 << N_KEYS,     /* a line begins with an action of a template language */
};

static const char *const keys[] = {
#define NAME(key) #key,
        KEYS(NAME)
#undef NAME
};

static unsigned key_bit(as_str key)
{
    for (unsigned i = 0; i < N_KEYS; i++)
        if (as_str_is(key, keys[i]))
            return 1u << i;
    return 0;
}

typedef struct content_rule {
    unsigned all, any; /* bits that must all be there; of which one must (0: none) */
    as_file_kind kind;
} content_rule;

/* Judged document by document; the first rule that matches any document decides. */
static const content_rule content_rules[] = {
        {IS_TEMPLATE, 0, AS_FILE_TEMPLATE},
        {HAS_apiVersion | HAS_kind, 0, AS_FILE_KUBERNETES},
        {HAS_format_version, HAS_planned_values | HAS_resource_changes, AS_FILE_PLAN},
        {HAS_format_version | HAS_terraform_version | HAS_values, 0, AS_FILE_STATE},
        {HAS_terraform_version | HAS_serial, HAS_lineage | HAS_resources, AS_FILE_STATE},
        {HAS_AWSTemplateFormatVersion, 0, AS_FILE_CLOUDFORMATION},
        {HAS_Resources, 0, AS_FILE_CLOUDFORMATION},
        {HAS_contentVersion | HAS_resources, 0, AS_FILE_ARM},
        {HAS_openapi, 0, AS_FILE_OPENAPI},
        {HAS_swagger, 0, AS_FILE_OPENAPI},
        {HAS_on | HAS_jobs, 0, AS_FILE_GITHUB_WORKFLOW},
        {IS_LIST | HAS_hosts, HAS_tasks | HAS_roles, AS_FILE_ANSIBLE_PLAYBOOK},
        {IS_LIST | HAS_import_playbook, 0, AS_FILE_ANSIBLE_PLAYBOOK},
        {IS_LIST | HAS_hosts, 0, AS_FILE_ANSIBLE_PLAYBOOK},
};

static as_file_kind judge(unsigned found, as_file_kind fallback)
{
    for (size_t i = 0; i < sizeof content_rules / sizeof content_rules[0]; i++) {
        const content_rule *rule = &content_rules[i];
        bool list_fits = !(found & IS_LIST) || rule->all & IS_LIST;
        if (list_fits && (found & rule->all) == rule->all && (!rule->any || found & rule->any))
            return rule->kind;
    }
    return fallback;
}

/* The keys at depth one of JSON, or of YAML's flow style: quoted or bare. */
static unsigned flow_keys(as_str text)
{
    unsigned found = 0, depth = 0;
    size_t begin = 0, end = 0; /* of the latest word */

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"') {
            begin = ++i;
            while (i < text.n && text.p[i] != '"')
                i += text.p[i] == '\\' ? 2 : 1;
            end = i < text.n ? i : text.n;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        } else if (c == ':' && depth == 1) {
            found |= key_bit(as_str_trim(as_str_slice(text, begin, end)));
        } else if (c == ',' && depth == 1) {
            begin = end = i + 1;
        } else if (depth == 1 && !as_char_in(c, " \t\r\n")) {
            if (end < begin || end != i)
                begin = i;
            end = i + 1;
        }
    }
    return found;
}

/* The key that a line of block style begins with, or empty. */
static as_str line_key(as_str line)
{
    size_t colon = as_str_find_char(line, ':');
    as_str key = as_str_trim(as_str_slice(line, 0, colon));

    if (colon == (size_t)-1 || (colon + 1 < line.n && !as_char_in(line.p[colon + 1], " \t\r")))
        return AS_STR_NONE;
    if (key.n > 1 && (key.p[0] == '"' || key.p[0] == '\'') && key.p[key.n - 1] == key.p[0])
        key = as_str_slice(key, 1, key.n - 1);
    return key;
}

static size_t indentation(as_str line)
{
    size_t n = 0;

    while (n < line.n && line.p[n] == ' ')
        n++;
    return n;
}

typedef struct block_scan {
    unsigned found;
    size_t level; /* indentation of the document's keys */
    bool has_level;
} block_scan;

/* One line of a document in block style that is neither blank nor a comment. */
static void scan_line(block_scan *s, as_str line)
{
    size_t n = indentation(line);
    as_str rest = as_str_from_index(line, n);
    bool is_item = as_str_starts(rest, "- ");

    if (n == 0 && (as_str_starts(rest, "{{") || as_str_starts(rest, "{%"))) {
        s->found |= IS_TEMPLATE;
        return;
    }
    if (!s->has_level) {
        s->has_level = true;
        s->level = n;
        if (rest.p[0] == '{')
            return;
        if (is_item) {
            s->found |= IS_LIST;
            s->level = n + 2;
        }
    }
    if (is_item && s->found & IS_LIST && n + 2 == s->level) {
        rest = as_str_from_index(rest, 2);
        n += 2;
    }
    if (n == s->level)
        s->found |= key_bit(line_key(rest));
}

static bool is_marker(as_str line)
{
    return as_str_starts(line, "---") && (line.n == 3 || as_char_in(line.p[3], " \t\r"));
}

static as_file_kind judge_document(const block_scan *s, as_str document)
{
    as_str text = as_str_trim(document);

    return judge(
            s->found | (text.n && text.p[0] == '{' && !(s->found & IS_TEMPLATE) ? flow_keys(text)
                                                                                : 0u),
            AS_FILE_YAML);
}

static as_file_kind judge_yaml(as_str text)
{
    as_str rest = text, line;
    block_scan s = {0};
    const char *begin = text.p;
    as_file_kind kind = AS_FILE_YAML;

    while (kind == AS_FILE_YAML && as_str_split(&rest, '\n', &line)) {
        as_str bare = as_str_trim(line);
        if (is_marker(line)) {
            kind = judge_document(&s, (as_str){begin, (size_t)(line.p - begin)});
            s = (block_scan){0};
            begin = line.p + 3;
            continue;
        }
        if (bare.n && bare.p[0] != '#' && !(bare.p[0] == '%' && !s.has_level))
            scan_line(&s, line);
    }
    if (kind == AS_FILE_YAML && begin)
        kind = judge_document(&s, (as_str){begin, (size_t)(text.p + text.n - begin)});
    return kind;
}

/* Whether the first line that is no comment begins an item of a sequence. */
static bool is_sequence(as_str text)
{
    as_str rest = text, line;
    while (as_str_split(&rest, '\n', &line)) {
        as_str bare = as_str_trim(line);
        if (bare.n > 0 && bare.p[0] != '#' && !is_marker(line)) {
            return as_str_starts(bare, "- ");
        }
    }
    return false;
}

/* Names that only count when the content fits them, and no other kind claims it. */
static as_file_kind judge_both(as_str path, as_str text)
{
    static const struct {
        subject of;
        const char *glob;
        bool sequence;
        const char *word; /* that the text must hold; NULL: none */
        as_file_kind kind;
    } rules[] = {
            {BASE, "action.y*ml", false, NULL, AS_FILE_GITHUB_ACTION},
            {BASE, "requirements.y*ml", true, NULL, AS_FILE_ANSIBLE_REQUIREMENTS},
            {BASE, "requirements.y*ml", false, "roles:", AS_FILE_ANSIBLE_REQUIREMENTS},
            {BASE, "requirements.y*ml", false, "collections:", AS_FILE_ANSIBLE_REQUIREMENTS},
            {BASE, "hosts.y*ml", false, "hosts:", AS_FILE_ANSIBLE_INVENTORY},
            {BASE, "inventory.y*ml", false, "hosts:", AS_FILE_ANSIBLE_INVENTORY},
            {PATH, "**/tasks/**", true, NULL, AS_FILE_ANSIBLE_TASKS},
            {BASE, "*tasks.y*ml", true, "name:", AS_FILE_ANSIBLE_TASKS},
            {BASE, "*.y*ml", true, " ansible.builtin.", AS_FILE_ANSIBLE_TASKS},
            {PATH, "**/handlers/**", true, NULL, AS_FILE_ANSIBLE_TASKS},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (as_ignore_glob(
                    as_str_from(rules[i].glob), rules[i].of == BASE ? base_of(path) : path) &&
                rules[i].sequence == is_sequence(text) &&
                (rules[i].word == NULL || as_str_contains(text, rules[i].word))) {
            return rules[i].kind;
        }
    }
    return AS_FILE_YAML;
}

/* What `kubectl get -o yaml|json` prints of several objects: they carry what only an API server
 * writes. One object alone may be an export that people edit and apply again: a manifest. */
static bool is_answer(as_str text)
{
    static const char *const marks[][2] = {{"kind: List", "\"kind\": \"List\""},
            {"items:", "\"items\""}, {"resourceVersion: ", "\"resourceVersion\": \""},
            {"uid: ", "\"uid\": \""}};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (!as_str_contains(text, marks[i][0]) && !as_str_contains(text, marks[i][1]))
            return false;
    return true;
}

as_file_kind as_detect(as_str path, as_str chart, bool in_chart, as_str text)
{
    as_file_kind kind;

    if (as_detect_name(path, chart, in_chart, &kind))
        return kind;
    if (as_str_starts(text, "\xEF\xBB\xBF"))
        text = as_str_from_index(text, 3);
    if (as_detect_live(path, text, &kind))
        return kind;
    kind = kind == AS_FILE_JSON ? judge(flow_keys(text), AS_FILE_JSON) : judge_yaml(text);
    if (kind == AS_FILE_KUBERNETES && is_answer(text))
        return AS_FILE_CLUSTER;
    return kind == AS_FILE_YAML ? judge_both(path, text) : kind;
}
