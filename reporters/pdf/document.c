#include "reporters/pdf/document.h"

#include <zlib.h>

#include "engine/base/vec.h"

typedef struct click {
    double x, y, width, height, top;
    size_t page; /* where it leads */
} click;

typedef struct page {
    as_buf content;
    AS_VEC(click) links;
} page;

typedef struct entry {
    as_str title;
    unsigned level;
    size_t page;
    double top;
} entry;

struct as_pdf {
    as_arena *arena;
    as_pdf_info info;
    AS_VEC(page) pages;
    AS_VEC(entry) entries;
    size_t at; /* the page that is drawn on */
};

as_pdf *as_pdf_new(as_arena *arena, const as_pdf_info *info)
{
    as_pdf *pdf = AS_NEW(arena, as_pdf);

    pdf->arena = arena;
    pdf->info = *info;
    return pdf;
}

size_t as_pdf_page(as_pdf *pdf)
{
    page fresh = {0};

    as_buf_init(&fresh.content, pdf->arena, 0);
    AS_VEC_PUSH(pdf->arena, &pdf->pages, fresh);
    pdf->at = pdf->pages.n - 1;
    return pdf->at;
}

size_t as_pdf_n_pages(const as_pdf *pdf)
{
    return pdf->pages.n;
}

void as_pdf_turn_to(as_pdf *pdf, size_t at)
{
    pdf->at = at;
}

/* --- drawing -----------------------------------------------------------------------------------
 */

/* A string object (§7.3.4.2). */
static void write_string(as_buf *out, as_str encoded)
{
    as_buf_char(out, '(');
    for (size_t i = 0; i < encoded.n; i++) {
        unsigned char c = (unsigned char)encoded.p[i];
        if (c == '(' || c == ')' || c == '\\')
            as_buf_fmt(out, "\\%c", c);
        else if (c < 0x20 || c > 0x7e)
            as_buf_fmt(out, "\\%03o", c);
        else
            as_buf_char(out, (char)c);
    }
    as_buf_char(out, ')');
}

void as_pdf_text(as_pdf *pdf, double x, double y, as_pdf_font font, double size, as_pdf_color color,
        as_str encoded)
{
    as_buf *out = &pdf->pages.items[pdf->at].content;

    if (encoded.n == 0)
        return;
    as_buf_fmt(out, "BT /F%d %.1f Tf %.3f %.3f %.3f rg %.2f %.2f Td ", font, size, color.r, color.g,
            color.b, x, y);
    write_string(out, encoded);
    as_buf_cstr(out, " Tj ET\n");
}

void as_pdf_line(
        as_pdf *pdf, double x1, double y1, double x2, double y2, double width, as_pdf_color color)
{
    as_buf_fmt(&pdf->pages.items[pdf->at].content,
            "%.3f %.3f %.3f RG %.2f w %.2f %.2f m %.2f %.2f l S\n", color.r, color.g, color.b,
            width, x1, y1, x2, y2);
}

void as_pdf_box(as_pdf *pdf, double x, double y, double width, double height, as_pdf_color color)
{
    as_buf_fmt(&pdf->pages.items[pdf->at].content, "%.3f %.3f %.3f rg %.2f %.2f %.2f %.2f re f\n",
            color.r, color.g, color.b, x, y, width, height);
}

void as_pdf_link(
        as_pdf *pdf, double x, double y, double width, double height, size_t to, double top)
{
    AS_VEC_PUSH(pdf->arena, &pdf->pages.items[pdf->at].links,
            (click){.x = x, .y = y, .width = width, .height = height, .top = top, .page = to});
}

void as_pdf_outline(as_pdf *pdf, unsigned level, as_str encoded, size_t at, double top)
{
    AS_VEC_PUSH(pdf->arena, &pdf->entries, (entry){encoded, level, at, top});
}

/* --- writing -----------------------------------------------------------------------------------
 */

/* Objects are numbered: 1 catalogue, 2 pages, 3 information, 4 … the fonts, then for each page its
 * object and its content, then the outline and its entries. */
enum { CATALOG = 1, PAGES = 2, INFO = 3, FONTS = 4, FIRST_PAGE = FONTS + AS_N_PDF_FONTS };

typedef struct file {
    as_pdf *pdf;
    as_buf *out;
    size_t start; /* where the file begins in out */
    size_t *offsets;
    size_t n_objects;
} file;

static size_t page_object(size_t index)
{
    return FIRST_PAGE + 2 * index;
}

static size_t outline_object(const as_pdf *pdf)
{
    return FIRST_PAGE + 2 * pdf->pages.n;
}

static void begin_object(file *f, size_t number)
{
    f->offsets[number] = f->out->n - f->start;
    as_buf_fmt(f->out, "%zu 0 obj\n", number);
}

static void end_object(file *f)
{
    as_buf_cstr(f->out, "\nendobj\n");
}

/* Text for people outside of pages: UTF-16 or PDFDocEncoding, of which ASCII is a part; the rest of
 * WinAnsi is not. */
static void write_text(as_buf *out, as_arena *arena, as_str encoded)
{
    as_buf ascii;

    as_buf_init(&ascii, arena, 0);
    for (size_t i = 0; i < encoded.n; i++) {
        unsigned char c = (unsigned char)encoded.p[i];
        as_buf_char(&ascii, c < 0x7f || c >= 0xa1 ? (char)c : c == 0x85 ? '.' : '-');
    }
    write_string(out, as_buf_view(&ascii));
}

static void write_content(file *f, size_t number, as_str content)
{
    uLongf n = compressBound((uLong)content.n);
    char *bytes = as_arena_alloc(f->pdf->arena, n);

    begin_object(f, number);
    if (compress2((Bytef *)bytes, &n, (const Bytef *)content.p, (uLong)content.n, 6) == Z_OK) {
        as_buf_fmt(f->out, "<< /Length %lu /Filter /FlateDecode >>\nstream\n", (unsigned long)n);
        as_buf_add(f->out, bytes, n);
    } else {
        as_buf_fmt(f->out, "<< /Length %zu >>\nstream\n", content.n);
        as_buf_str(f->out, content);
    }
    as_buf_cstr(f->out, "\nendstream");
    end_object(f);
}

static void write_page(file *f, size_t index)
{
    const page *p = &f->pdf->pages.items[index];

    begin_object(f, page_object(index));
    as_buf_fmt(f->out,
            "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.0f %.0f] /Contents %zu 0 R /Resources "
            "<< /Font <<",
            PAGES, AS_PDF_PAGE_WIDTH, AS_PDF_PAGE_HEIGHT, page_object(index) + 1);
    for (int font = 0; font < AS_N_PDF_FONTS; font++)
        as_buf_fmt(f->out, " /F%d %d 0 R", font, FONTS + font);
    as_buf_cstr(f->out, " >> >>");
    if (p->links.n > 0)
        as_buf_cstr(f->out, "\n/Annots [");
    for (size_t i = 0; i < p->links.n; i++) {
        const click *l = &p->links.items[i];
        as_buf_fmt(f->out,
                "\n<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [%.2f %.2f %.2f %.2f] "
                "/Dest [%zu 0 R /XYZ 0 %.2f "
                "null] >>",
                l->x, l->y, l->x + l->width, l->y + l->height, page_object(l->page), l->top);
    }
    as_buf_cstr(f->out, p->links.n > 0 ? "] >>" : " >>");
    end_object(f);
    write_content(f, page_object(index) + 1, as_buf_view(&p->content));
}

/* The next entry of the same level below the same parent; n when there is none. */
static size_t next_sibling(const as_pdf *pdf, size_t i)
{
    for (size_t k = i + 1;
            k < pdf->entries.n && pdf->entries.items[k].level >= pdf->entries.items[i].level; k++)
        if (pdf->entries.items[k].level == pdf->entries.items[i].level)
            return k;
    return pdf->entries.n;
}

static void write_children(file *f, size_t first, unsigned level)
{
    size_t base = outline_object(f->pdf) + 1, last = first, n = 0;

    for (size_t i = first; i < f->pdf->entries.n && f->pdf->entries.items[i].level >= level; i++) {
        if (f->pdf->entries.items[i].level != level)
            continue;
        last = i;
        n++;
    }
    /* Negative: closed when the document is opened. */
    as_buf_fmt(f->out, " /First %zu 0 R /Last %zu 0 R /Count %s%zu", base + first, base + last,
            level == 0 ? "" : "-", n);
}

static void write_entry(file *f, size_t i, const size_t *parents, const size_t *previous)
{
    const as_pdf *pdf = f->pdf;
    const entry *e = &pdf->entries.items[i];
    size_t base = outline_object(pdf) + 1, next = next_sibling(pdf, i);

    begin_object(f, base + i);
    as_buf_cstr(f->out, "<< /Title ");
    write_text(f->out, pdf->arena, e->title);
    as_buf_fmt(f->out, " /Parent %zu 0 R /Dest [%zu 0 R /XYZ 0 %.2f null]", parents[i],
            page_object(e->page), e->top);
    if (previous[i] > 0)
        as_buf_fmt(f->out, " /Prev %zu 0 R", previous[i]);
    if (next < pdf->entries.n)
        as_buf_fmt(f->out, " /Next %zu 0 R", base + next);
    if (i + 1 < pdf->entries.n && pdf->entries.items[i + 1].level > e->level)
        write_children(f, i + 1, e->level + 1);
    as_buf_cstr(f->out, " >>");
    end_object(f);
}

enum { MAX_LEVELS = 8 };

static void write_outline(file *f)
{
    const as_pdf *pdf = f->pdf;
    size_t root = outline_object(pdf), n = pdf->entries.n, latest[MAX_LEVELS] = {0};
    size_t *parents = AS_NEW_ARRAY(pdf->arena, size_t, n),
           *previous = AS_NEW_ARRAY(pdf->arena, size_t, n);

    begin_object(f, root);
    as_buf_cstr(f->out, "<< /Type /Outlines");
    if (n > 0)
        write_children(f, 0, 0);
    as_buf_cstr(f->out, " >>");
    end_object(f);
    for (size_t i = 0; i < n; i++) {
        unsigned level = pdf->entries.items[i].level;
        parents[i] = level == 0 ? root : latest[level - 1];
        previous[i] = latest[level];
        latest[level] = root + 1 + i;
        for (unsigned deeper = level + 1; deeper < MAX_LEVELS; deeper++)
            latest[deeper] = 0;
    }
    for (size_t i = 0; i < n; i++)
        write_entry(f, i, parents, previous);
}

static void write_pages(file *f, size_t first)
{
    const as_pdf *pdf = f->pdf;

    begin_object(f, PAGES);
    as_buf_fmt(f->out, "<< /Type /Pages /Count %zu /Kids [", pdf->pages.n);
    if (pdf->pages.n > 0)
        as_buf_fmt(f->out, "%zu 0 R", page_object(0));
    for (size_t i = first; i < pdf->pages.n; i++)
        as_buf_fmt(f->out, "\n%zu 0 R", page_object(i));
    for (size_t i = 1; i < first; i++)
        as_buf_fmt(f->out, "\n%zu 0 R", page_object(i));
    as_buf_cstr(f->out, "] >>");
    end_object(f);
    for (size_t i = 0; i < pdf->pages.n; i++)
        write_page(f, i);
}

static void write_fixed(file *f)
{
    const as_pdf_info *info = &f->pdf->info;

    begin_object(f, CATALOG);
    as_buf_fmt(f->out,
            "<< /Type /Catalog /Pages %d 0 R /Outlines %zu 0 R /PageMode /UseOutlines /Lang (en) "
            "/ViewerPreferences << /DisplayDocTitle true >> >>",
            PAGES, outline_object(f->pdf));
    end_object(f);
    begin_object(f, INFO);
    as_buf_cstr(f->out, "<< /Title ");
    write_text(f->out, f->pdf->arena, as_pdf_encode(f->pdf->arena, info->title));
    as_buf_cstr(f->out, " /Producer ");
    write_text(f->out, f->pdf->arena, as_pdf_encode(f->pdf->arena, info->producer));
    if (info->created.n == 20) /* D:20260131000000Z (§7.9.4) */
        as_buf_fmt(f->out, " /CreationDate (D:%.4s%.2s%.2s%.2s%.2s%.2sZ)", info->created.p,
                info->created.p + 5, info->created.p + 8, info->created.p + 11,
                info->created.p + 14, info->created.p + 17);
    as_buf_cstr(f->out, " >>");
    end_object(f);
    for (int font = 0; font < AS_N_PDF_FONTS; font++) {
        begin_object(f, (size_t)FONTS + (size_t)font);
        as_buf_fmt(f->out,
                "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>",
                as_pdf_font_name((as_pdf_font)font));
        end_object(f);
    }
}

void as_pdf_finish(as_pdf *pdf, size_t first, as_buf *out)
{
    file f = {.pdf = pdf, .out = out, .start = out->n};
    size_t table;

    f.n_objects = outline_object(pdf) + 1 + pdf->entries.n;
    f.offsets = AS_NEW_ARRAY(pdf->arena, size_t, f.n_objects);
    /* The bytes beyond ASCII tell programs that the file is binary (§7.5.2). */
    as_buf_cstr(out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    write_fixed(&f);
    write_pages(&f, first);
    write_outline(&f);
    table = out->n - f.start;
    as_buf_fmt(out, "xref\n0 %zu\n0000000000 65535 f \n", f.n_objects);
    for (size_t i = 1; i < f.n_objects; i++)
        as_buf_fmt(out, "%010zu 00000 n \n", f.offsets[i]);
    as_buf_fmt(out, "trailer\n<< /Size %zu /Root %d 0 R /Info %d 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
            f.n_objects, CATALOG, INFO, table);
}
