#include "reporters/pdf/flow.h"

#define LEFT 50.0
#define RIGHT (AS_PDF_PAGE_WIDTH - 50.0)
#define TOP (AS_PDF_PAGE_HEIGHT - 55.0)
#define BOTTOM 60.0
#define ROOM (RIGHT - LEFT)
#define LEADING 1.32
#define CELL_GAP 6.0
#define GRAY ((as_pdf_color){0.75, 0.77, 0.8})
#define MARK ((as_pdf_color){1.0, 0.95, 0.76})

enum { MAX_COLUMNS = 12, CONTENTS_LEVELS = 2 };

void as_pdf_flow_init(as_pdf_flow *flow, as_arena *arena, as_pdf *pdf)
{
    *flow = (as_pdf_flow){.arena = arena, .pdf = pdf};
    as_pdf_flow_page(flow);
}

void as_pdf_flow_page(as_pdf_flow *flow)
{
    as_pdf_page(flow->pdf);
    flow->y = TOP;
}

void as_pdf_flow_room(as_pdf_flow *flow, double height)
{
    if (flow->y - height < BOTTOM)
        as_pdf_flow_page(flow);
}

void as_pdf_flow_space(as_pdf_flow *flow, double height)
{
    flow->y -= height;
}

/* --- lines ---------------------------------------------------------------------------------------
 */

/* The longest beginning of `text` that fits and ends between words, else between characters
 * (addresses are long); at least one character. */
static size_t fitting(as_pdf_font font, double size, double width, as_str text)
{
    double used = 0;
    size_t at = 0, word = 0;

    for (; at < text.n; at++) {
        used += as_pdf_width(font, size, as_str_slice(text, at, at + 1));
        if (used > width && at > 0)
            break;
        if (text.p[at] == ' ')
            word = at + 1;
    }
    if (at == text.n)
        return at;
    return word > 0 ? word : at;
}

static size_t count_lines(as_pdf_font font, double size, double width, as_str text)
{
    size_t n = 0;

    while (text.n > 0) {
        text = as_str_from_index(text, fitting(font, size, width, text));
        n++;
    }
    return n == 0 ? 1 : n;
}

static as_str trimmed_end(as_str text)
{
    while (text.n > 0 && text.p[text.n - 1] == ' ')
        text.n--;
    return text;
}

void as_pdf_flow_text(as_pdf_flow *flow, as_pdf_font font, double size, as_pdf_color color,
        double indent, as_str text)
{
    as_str rest = text, part;

    while (as_str_split(&rest, '\n', &part)) {
        as_str line = as_pdf_encode(flow->arena, part);
        do {
            size_t n = fitting(font, size, ROOM - indent, line);
            as_pdf_flow_room(flow, size * LEADING);
            as_pdf_text(flow->pdf, LEFT + indent, flow->y - size, font, size, color,
                    trimmed_end(as_str_slice(line, 0, n)));
            flow->y -= size * LEADING;
            line = as_str_from_index(line, n);
        } while (line.n > 0);
    }
}

void as_pdf_flow_code(as_pdf_flow *flow, bool marked, as_str text)
{
    static const double size = 7.5;
    as_str encoded = as_pdf_encode(flow->arena, text);
    size_t most = (size_t)((ROOM - 16) / as_pdf_width(AS_PDF_MONO, size, AS_STR("m")));

    as_pdf_flow_room(flow, size * LEADING);
    if (marked)
        as_pdf_box(flow->pdf, LEFT + 10, flow->y - size * LEADING, ROOM - 10, size * LEADING, MARK);
    as_pdf_text(flow->pdf, LEFT + 14, flow->y - size, AS_PDF_MONO, size, AS_PDF_BLACK,
            as_str_slice(encoded, 0, most));
    flow->y -= size * LEADING;
}

void as_pdf_flow_heading(as_pdf_flow *flow, unsigned level, as_str text)
{
    static const double sizes[] = {18, 13, 11};
    double size = sizes[level > 2 ? 2 : level];
    as_str encoded = as_pdf_encode(flow->arena, text);

    if (level == 0)
        as_pdf_flow_page(flow);
    else {
        as_pdf_flow_space(flow, size * 0.7);
        as_pdf_flow_room(flow, size * 5); /* not alone at the foot */
    }
    double top = flow->y + 4;
    size_t page = as_pdf_n_pages(flow->pdf) - 1;
    AS_VEC_PUSH(flow->arena, &flow->headings, (as_pdf_heading){encoded, level, page, top});
    as_pdf_outline(flow->pdf, level, encoded, page, top);
    as_pdf_flow_text(flow, AS_PDF_BOLD, size, AS_PDF_BLACK, 0, text);
    as_pdf_flow_space(flow, size * 0.35);
}

/* --- tables --------------------------------------------------------------------------------------
 */

static double unit_of(const as_pdf_table *table)
{
    double sum = 0;

    for (size_t i = 0; i < table->n; i++)
        sum += table->columns[i].width;
    return ROOM / sum;
}

static void draw_row(
        as_pdf_flow *flow, const as_pdf_table *table, const as_pdf_cell *cells, const as_str *texts)
{
    double x = LEFT, unit = unit_of(table), deepest = flow->y;

    for (size_t i = 0; i < table->n; i++) {
        const as_pdf_column *column = &table->columns[i];
        as_pdf_font font = cells[i].bold ? AS_PDF_BOLD : AS_PDF_SANS;
        double width = column->width * unit - CELL_GAP, y = flow->y;
        as_str text = texts[i];
        while (text.n > 0 && y - table->size * LEADING >= BOTTOM - table->size) {
            size_t n = fitting(font, table->size, width, text);
            as_str line = trimmed_end(as_str_slice(text, 0, n));
            double shift = column->right ? width - as_pdf_width(font, table->size, line) : 0;
            as_pdf_text(
                    flow->pdf, x + shift, y - table->size, font, table->size, cells[i].color, line);
            y -= table->size * LEADING;
            text = as_str_from_index(text, n);
        }
        deepest = y < deepest ? y : deepest;
        x += column->width * unit;
    }
    flow->y = deepest - 2;
    as_pdf_line(flow->pdf, LEFT, flow->y, RIGHT, flow->y, 0.4, GRAY);
    flow->y -= 2;
}

void as_pdf_flow_head(as_pdf_flow *flow, const as_pdf_table *table)
{
    as_pdf_cell cells[MAX_COLUMNS];
    as_str texts[MAX_COLUMNS];

    for (size_t i = 0; i < table->n; i++) {
        cells[i] = (as_pdf_cell){.bold = true};
        texts[i] = as_str_from(table->columns[i].head);
    }
    as_pdf_flow_room(flow, table->size * 5);
    draw_row(flow, table, cells, texts);
}

void as_pdf_flow_row(as_pdf_flow *flow, const as_pdf_table *table, const as_pdf_cell *cells)
{
    double unit = unit_of(table), height;
    as_str texts[MAX_COLUMNS];
    size_t most = 1;

    for (size_t i = 0; i < table->n; i++) {
        texts[i] = as_pdf_encode(flow->arena, cells[i].text);
        size_t n = count_lines(cells[i].bold ? AS_PDF_BOLD : AS_PDF_SANS, table->size,
                table->columns[i].width * unit - CELL_GAP, texts[i]);
        most = n > most ? n : most;
    }
    height = (double)most * table->size * LEADING + 4;
    if (flow->y - height < BOTTOM) {
        as_pdf_flow_page(flow);
        as_pdf_flow_head(flow, table);
    }
    draw_row(flow, table, cells, texts);
}

/* --- contents ------------------------------------------------------------------------------------
 */

static void contents_line(as_pdf_flow *flow, const as_pdf_heading *heading, size_t number)
{
    double size = heading->level == 0 ? 10.5 : 9.5, indent = heading->level * 14.0;
    as_pdf_font font = heading->level == 0 ? AS_PDF_BOLD : AS_PDF_SANS;
    as_str shown = as_str_fmt(flow->arena, "%zu", number);
    as_str title =
            as_str_slice(heading->text, 0, fitting(font, size, ROOM - indent - 40, heading->text));

    as_pdf_flow_room(flow, size * 1.6);
    as_pdf_text(flow->pdf, LEFT + indent, flow->y - size, font, size, AS_PDF_BLACK, title);
    as_pdf_text(flow->pdf, RIGHT - as_pdf_width(AS_PDF_SANS, size, shown), flow->y - size,
            AS_PDF_SANS, size, AS_PDF_BLACK, shown);
    as_pdf_link(
            flow->pdf, LEFT, flow->y - size * 1.4, ROOM, size * 1.6, heading->page, heading->top);
    flow->y -= size * 1.6;
}

size_t as_pdf_flow_contents(as_pdf_flow *flow, as_str title)
{
    size_t first = as_pdf_n_pages(flow->pdf), n_lines = 0, moved;
    static const double title_size = 18, line = 10.5 * 1.6;

    for (size_t i = 0; i < flow->headings.n; i++)
        n_lines += flow->headings.items[i].level < CONTENTS_LEVELS;
    /* How many pages it takes decides the numbers that stand in it. */
    size_t lines_per_page = (size_t)((TOP - BOTTOM - title_size * 2) / line);
    moved = (n_lines + lines_per_page - 1) / lines_per_page;
    as_pdf_flow_page(flow);
    as_pdf_flow_text(flow, AS_PDF_BOLD, title_size, AS_PDF_BLACK, 0, title);
    as_pdf_flow_space(flow, title_size * 0.5);
    n_lines = 0;
    for (size_t i = 0; i < flow->headings.n; i++) {
        if (flow->headings.items[i].level >= CONTENTS_LEVELS)
            continue;
        if (n_lines > 0 && n_lines % lines_per_page == 0)
            as_pdf_flow_page(flow);
        contents_line(flow, &flow->headings.items[i], flow->headings.items[i].page + 1 + moved);
        n_lines++;
    }
    return first;
}
