#include "engine/cli/bundle.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/limits.h"
#include "reporters/audit/bundle.h"
#include "reporters/audit/formats.h"
#include "reporters/html/html.h"
#include "reporters/reporter.h"
#include "reporters/terminal.h"

/* False after saying why it cannot be read. */
static bool read_text(as_cli *cli, as_str path, as_str *text)
{
    as_sources *sources = as_cli_sources(cli);
    as_diags diags;

    as_diags_init(&diags, cli->arena);
    const as_source *source =
            as_file_read(cli->arena, sources, as_str_cstr(cli->arena, path), AS_STR(""), &diags);
    as_cli_print_diags(cli, sources, &diags);
    if (source)
        *text = source->text;
    return source != NULL;
}

bool as_bundle_valid(as_cli *cli, const as_bundle_settings *s)
{
    if ((s->key.n > 0) != (s->cert.n > 0))
        as_cli_usage_error(cli, "--sign-key and --sign-cert go together");
    else if (s->key.n > 0 && s->bundle.n == 0)
        as_cli_usage_error(cli, "--sign-key: it signs a --bundle");
    else if (s->verify.n > 0 && (s->bundle.n > 0 || cli->args.n > 0))
        as_cli_usage_error(cli, "--verify stands alone: nothing is scanned");
    else if (s->trust.n > 0 && s->verify.n == 0)
        as_cli_usage_error(cli, "--trust is for --verify");
    else
        return true;
    return false;
}

static as_str written(
        as_cli *cli, const as_audit *audit, void (*write)(as_buf *buf, const as_audit *audit))
{
    as_buf buf;

    as_buf_init(&buf, cli->arena, AS_MAX_UNIT_BYTES);
    write(&buf, audit);
    return as_buf_view(&buf);
}

static void write_json(as_buf *buf, const as_audit *audit)
{
    as_reporter_style style = {0};

    as_reporter_find(AS_STR("json"))->write(audit->report, &style, buf);
}

as_exit as_bundle_make(as_cli *cli, const as_bundle_settings *s, const as_audit *audit)
{
    as_bundle_files files = {0};
    as_str key, cert, signature, problem = AS_STR("");
    int64_t when = 0;

    AS_VEC_PUSH(cli->arena, &files,
            (as_bundle_file){AS_STR("findings.json"), written(cli, audit, write_json)});
    AS_VEC_PUSH(cli->arena, &files,
            (as_bundle_file){AS_STR("oscal.json"), written(cli, audit, as_oscal_write)});
    AS_VEC_PUSH(cli->arena, &files,
            (as_bundle_file){AS_STR("report.html"), written(cli, audit, as_html_write)});
    AS_VEC_PUSH(cli->arena, &files,
            (as_bundle_file){AS_STR("report.pdf"), written(cli, audit, as_pdf_write)});
    as_str manifest = as_bundle_manifest(cli->arena, audit, &files);
    AS_VEC_PUSH(cli->arena, &files, (as_bundle_file){AS_STR(AS_BUNDLE_MANIFEST), manifest});
    if (s->key.n > 0) {
        if (!read_text(cli, s->key, &key) || !read_text(cli, s->cert, &cert))
            return AS_EXIT_ERROR;
        if (!as_cms_sign(cli->arena, manifest, key, cert, &signature, &problem))
            return as_cli_error(cli, "the manifest cannot be signed: %.*s", AS_STR_ARG(problem));
        AS_VEC_PUSH(cli->arena, &files, (as_bundle_file){AS_STR(AS_BUNDLE_SIGNATURE), signature});
    }
    (void)!as_clock_parse(audit->generated, &when);
    problem = as_bundle_write(cli->arena, s->bundle, &files, when);
    return problem.n == 0 ? AS_EXIT_OK : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static void write_verdict(as_buf *out, const as_bundle_check *check)
{
    for (size_t i = 0; i < check->problems.n; i++) {
        as_terminal_text(out, check->problems.items[i]);
        as_buf_char(out, '\n');
    }
    if (check->problems.n > 0)
        return;
    as_buf_fmt(out, "%zu files are what they were, of ", check->n_files);
    as_terminal_text(out, check->generated);
    as_buf_cstr(out, ": ");
    as_terminal_text(out, check->title);
    as_buf_fmt(out, " (%zu inputs)\n", check->n_inputs);
    if (!check->is_signed) {
        as_buf_cstr(out, "not signed: who wrote the manifest is not known\n");
        return;
    }
    as_buf_cstr(out, "signed by ");
    as_terminal_text(out, check->signer.name);
    as_buf_cstr(out,
            check->signer.trusted ? "\n" : "; whether that is who it should be --trust tells\n");
}

as_exit as_bundle_check_file(as_cli *cli, const as_bundle_settings *s)
{
    as_bundle_files files = {0};
    as_str trust = AS_STR("");
    as_buf out;

    if (s->trust.n > 0 && !read_text(cli, s->trust, &trust))
        return AS_EXIT_ERROR;
    as_str problem = as_bundle_read(cli->arena, s->verify, &files);
    if (problem.n > 0)
        return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    as_bundle_check check = as_bundle_verify(cli->arena, &files, trust);
    as_buf_init(&out, cli->arena, 0);
    write_verdict(&out, &check);
    as_exit printed = as_cli_print(cli, as_buf_view(&out));
    return printed == AS_EXIT_OK && check.problems.n > 0 ? AS_EXIT_FINDINGS : printed;
}
