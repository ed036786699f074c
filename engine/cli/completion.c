/* Completion scripts for bash, zsh and fish, generated from the tables: nothing is asked of the
 * program while typing. */
#include "engine/cli/command.h"

/* Calls fn for each option of the command and for the common ones. */
static void each_option(const as_command *command, as_buf *buf,
        void (*fn)(as_buf *buf, const as_command *command, const as_option *option))
{
    const as_option *const tables[] = {command->options, as_common_options};

    for (size_t t = 0; t < 2; t++)
        for (const as_option *o = tables[t]; o && o->type != AS_OPTION_TYPE_END; o++)
            if (o->type != AS_OPTION_TYPE_GROUP)
                fn(buf, command, o);
}

/* Single-quoted for any shell: ' becomes '\''. */
static void quote(as_buf *buf, const char *text)
{
    as_buf_char(buf, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            as_buf_cstr(buf, "'\\''");
        else
            as_buf_char(buf, *text);
    }
    as_buf_char(buf, '\'');
}

static void add_choices(as_buf *buf, const char *const *choices)
{
    for (size_t i = 0; choices[i]; i++)
        as_buf_fmt(buf, "%s%s", i > 0 ? " " : "", choices[i]);
}

static void add_names(as_buf *buf, const as_command *const *commands)
{
    bool first = true;

    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->hidden)
            continue;
        as_buf_fmt(buf, "%s%s", first ? "" : " ", commands[i]->name);
        first = false;
    }
}

static void bash_name(as_buf *buf, const as_command *command, const as_option *option)
{
    (void)command;
    as_buf_fmt(buf, " --%s", option->name);
}

static void bash_value(as_buf *buf, const as_command *command, const as_option *option)
{
    if (!option->choices && !as_option_takes_file(option))
        return;
    as_buf_fmt(buf, "        %s:--%s) ", command->name, option->name);
    if (option->choices) {
        as_buf_cstr(buf, "COMPREPLY=($(compgen -W '");
        add_choices(buf, option->choices);
        as_buf_cstr(buf, "' -- \"$cur\")); return ;;\n");
    } else {
        as_buf_cstr(buf, "COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
    }
}

static void write_bash(as_buf *buf)
{
    as_buf_cstr(buf, "# bash completion for assay\n"
                     "_assay() {\n"
                     "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                     "    local command=${COMP_WORDS[1]} words=\n"
                     "    COMPREPLY=()\n"
                     "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                     "        COMPREPLY=($(compgen -W '");
    add_names(buf, as_commands);
    as_buf_cstr(buf, " --help --version' -- \"$cur\"))\n"
                     "        return\n"
                     "    fi\n"
                     "    case $command:$prev in\n");
    for (size_t i = 0; as_commands[i]; i++)
        if (!as_commands[i]->hidden)
            each_option(as_commands[i], buf, bash_value);
    as_buf_cstr(buf, "    esac\n    case $command in\n");
    for (size_t i = 0; as_commands[i]; i++) {
        if (as_commands[i]->hidden)
            continue;
        as_buf_fmt(buf, "        %s) words='", as_commands[i]->name);
        if (as_commands[i]->subcommands)
            add_names(buf, as_commands[i]->subcommands);
        each_option(as_commands[i], buf, bash_name);
        as_buf_cstr(buf, " --help' ;;\n");
    }
    as_buf_cstr(buf, "    esac\n"
                     "    case $cur in\n"
                     "        -*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
                     "        *) COMPREPLY=($(compgen -W \"${words%% --*}\" -- \"$cur\")"
                     " $(compgen -f -- \"$cur\")) ;;\n"
                     "    esac\n"
                     "}\n"
                     "complete -o filenames -F _assay assay\n");
}

/* One argument of _arguments: '(-f --format)'{-f,--format}'[help]:FORMAT:(a b)'. */
static void zsh_option(as_buf *buf, const as_command *command, const as_option *option)
{
    (void)command;
    as_buf_cstr(buf, " \\\n                ");
    if (option->letter)
        as_buf_fmt(buf, "{-%c,--%s}", option->letter, option->name);
    else
        as_buf_fmt(buf, "--%s", option->name);
    as_buf_cstr(buf, option->type == AS_OPTION_TYPE_FLAG ? "'[" : "'=[");
    for (const char *p = option->help; *p; p++) {
        if (*p == '\'')
            as_buf_cstr(buf, "'\\''");
        else if (*p == '[' || *p == ']' || *p == ':')
            as_buf_fmt(buf, "\\%c", *p);
        else
            as_buf_char(buf, *p);
    }
    as_buf_char(buf, ']');
    if (option->choices) {
        as_buf_fmt(buf, ":%s:(", option->placeholder);
        add_choices(buf, option->choices);
        as_buf_char(buf, ')');
    } else if (option->placeholder) {
        as_buf_fmt(
                buf, ":%s:%s", option->placeholder, as_option_takes_file(option) ? "_files" : "");
    }
    as_buf_char(buf, '\'');
}

static void write_zsh(as_buf *buf)
{
    as_buf_cstr(buf, "#compdef assay\n"
                     "_assay() {\n"
                     "    local -a commands\n"
                     "    commands=(\n");
    for (size_t i = 0; as_commands[i]; i++) {
        if (as_commands[i]->hidden)
            continue;
        as_buf_cstr(buf, "        ");
        quote(buf,
                as_str_fmt(buf->arena, "%s:%s", as_commands[i]->name, as_commands[i]->summary).p);
        as_buf_char(buf, '\n');
    }
    as_buf_cstr(buf, "    )\n"
                     "    if (( CURRENT == 2 )); then\n"
                     "        _describe command commands\n"
                     "        return\n"
                     "    fi\n"
                     "    local command=${words[2]}\n"
                     "    shift words\n"
                     "    (( CURRENT-- ))\n"
                     "    case $command in\n");
    for (size_t i = 0; as_commands[i]; i++) {
        if (as_commands[i]->hidden)
            continue;
        as_buf_fmt(buf, "        %s)\n            _arguments", as_commands[i]->name);
        each_option(as_commands[i], buf, zsh_option);
        if (as_commands[i]->subcommands) {
            as_buf_cstr(buf, " \\\n                '1:command:(");
            add_names(buf, as_commands[i]->subcommands);
            as_buf_cstr(buf, ")'");
        }
        as_buf_cstr(buf, " \\\n                '*:path:_files' ;;\n");
    }
    as_buf_cstr(buf, "    esac\n"
                     "}\n"
                     "compdef _assay assay\n");
}

static void fish_option(as_buf *buf, const as_command *command, const as_option *option)
{
    as_buf_fmt(buf, "complete -c assay -n '__fish_seen_subcommand_from %s' -l %s", command->name,
            option->name);
    if (option->letter)
        as_buf_fmt(buf, " -s %c", option->letter);
    if (option->choices) {
        as_buf_cstr(buf, " -xa '");
        add_choices(buf, option->choices);
        as_buf_char(buf, '\'');
    } else if (option->placeholder) {
        as_buf_cstr(buf, as_option_takes_file(option) ? " -rF" : " -x");
    }
    as_buf_cstr(buf, " -d ");
    quote(buf, option->help);
    as_buf_char(buf, '\n');
}

static void write_fish(as_buf *buf)
{
    as_buf_cstr(buf, "# fish completion for assay\n");
    for (size_t i = 0; as_commands[i]; i++) {
        const as_command *command = as_commands[i];
        if (command->hidden)
            continue;
        as_buf_fmt(buf, "complete -c assay -n __fish_use_subcommand -fa %s -d ", command->name);
        quote(buf, command->summary);
        as_buf_char(buf, '\n');
        for (size_t s = 0; command->subcommands && command->subcommands[s]; s++) {
            as_buf_fmt(buf, "complete -c assay -n '__fish_seen_subcommand_from %s' -fa %s -d ",
                    command->name, command->subcommands[s]->name);
            quote(buf, command->subcommands[s]->summary);
            as_buf_char(buf, '\n');
        }
        each_option(command, buf, fish_option);
    }
}

bool as_completion_write(as_buf *buf, as_str shell)
{
    if (as_str_is(shell, "bash"))
        write_bash(buf);
    else if (as_str_is(shell, "zsh"))
        write_zsh(buf);
    else if (as_str_is(shell, "fish"))
        write_fish(buf);
    else
        return false;
    return true;
}
