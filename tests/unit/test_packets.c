/* The packet algebra against a brute-force model: a matrix of cells. Borders of random sets lie
 * between cells, and the cells sit where borders are delicate: at both ends of the address line, at
 * both ends of IPv4 within it, and at both ends of protocols. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "engine/base/limits.h"
#include "engine/reach/packets.h"

enum { N_ROWS = 14, N_COLUMNS = 12, ROUNDS = 400 };

/* The first address of each row; it reaches to the next one. */
static as_address row_first(size_t row)
{
    static const uint64_t offsets[] = {0, 1, 0x0a000000, 0x0a000100, 0x0b000000, 0xffffffff};
    if (row == 0) {
        return 0;
    }
    if (row == 1) {
        return AS_ADDRESS_V4 - 1;
    }
    if (row < 8) {
        return AS_ADDRESS_V4 + offsets[row - 2];
    }
    if (row < N_ROWS) {
        static const unsigned shifts[] = {48, 49, 100, 125, 126, 127};
        return (as_address)1 << shifts[row - 8];
    }
    return 0;
}

static as_address row_last(size_t row)
{
    return row + 1 == N_ROWS ? AS_ADDRESS_MAX : row_first(row + 1) - 1;
}

/* A column is one range of details of one protocol; together they are all that the tests use. */
typedef struct column {
    unsigned protocol;
    uint32_t first, last;
} column;

static const column COLUMNS[N_COLUMNS] = {{1, 0, 2047}, {1, 2048, 2048}, {1, 2049, 65535},
        {6, 0, 0}, {6, 1, 79}, {6, 80, 80}, {6, 81, 65534}, {6, 65535, 65535}, {17, 0, 52},
        {17, 53, 65535}, {47, 0, 65535}, {132, 0, 65535}};

typedef struct model {
    bool cells[N_ROWS][N_COLUMNS];
} model;

typedef struct pair {
    as_packets set;
    model model;
} pair;

typedef struct fixture {
    as_arena *arena;
    as_packet_space space;
    uint64_t random;
} fixture;

static unsigned next(fixture *f, unsigned below)
{
    f->random = f->random * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
    return (unsigned)(f->random >> 33) % below;
}

static const as_ports *columns(fixture *f, size_t from, size_t to)
{
    as_port_space *ports = f->space.ports;
    const as_ports *all = as_ports_none(ports);
    for (size_t c = from; c <= to; c++) {
        all = as_ports_union(ports, all,
                as_ports_range(ports, COLUMNS[c].protocol, COLUMNS[c].first, COLUMNS[c].last));
    }
    return all;
}

static pair box(fixture *f)
{
    size_t r0 = next(f, N_ROWS), r1 = next(f, N_ROWS), c0 = next(f, N_COLUMNS);
    size_t c1 = next(f, N_COLUMNS);
    pair out = {.set = as_packets_none()};
    if (r0 > r1 || c0 > c1) {
        return out;
    }
    out.set = as_packets_of(&f->space, as_addresses_range(f->arena, row_first(r0), row_last(r1)),
            columns(f, c0, c1));
    for (size_t r = r0; r <= r1; r++) {
        for (size_t c = c0; c <= c1; c++) {
            out.model.cells[r][c] = true;
        }
    }
    return out;
}

typedef enum operation { UNION, INTERSECT, SUBTRACT } operation;

static pair operate(fixture *f, operation op, const pair *a, const pair *b)
{
    pair out = {.set = op == UNION       ? as_packets_union(&f->space, a->set, b->set)
                       : op == INTERSECT ? as_packets_intersect(&f->space, a->set, b->set)
                                         : as_packets_subtract(&f->space, a->set, b->set)};
    for (size_t r = 0; r < N_ROWS; r++) {
        for (size_t c = 0; c < N_COLUMNS; c++) {
            bool x = a->model.cells[r][c], y = b->model.cells[r][c];
            out.model.cells[r][c] = op == UNION ? x || y : op == INTERSECT ? x && y : x && !y;
        }
    }
    return out;
}

static void check(fixture *f, const pair *p)
{
    for (size_t r = 0; r < N_ROWS; r++) {
        const as_ports *first = as_packets_at(&f->space, p->set, row_first(r));
        assert_ptr_equal(first, as_packets_at(&f->space, p->set, row_last(r)));
        for (size_t c = 0; c < N_COLUMNS; c++) {
            bool in = p->model.cells[r][c];
            assert_int_equal(in, as_ports_contains(first, COLUMNS[c].protocol, COLUMNS[c].first));
            assert_int_equal(in, as_ports_contains(first, COLUMNS[c].protocol, COLUMNS[c].last));
        }
    }
    for (size_t i = 0; i < p->set.n; i++) {
        const as_packet_segment *s = &p->set.segments[i];
        assert_true(s->addresses.first <= s->addresses.last && s->ports->n > 0);
        if (i > 0) {
            const as_packet_segment *before = s - 1;
            assert_true(before->addresses.last < s->addresses.first);
            assert_true(
                    before->ports != s->ports || before->addresses.last + 1 < s->addresses.first);
        }
    }
}

/* The same set, built cell by cell in another order: the form must be the same. */
static as_packets rebuild(fixture *f, const model *m)
{
    as_packets all = as_packets_none();
    for (size_t c = N_COLUMNS; c-- > 0;) {
        for (size_t r = N_ROWS; r-- > 0;) {
            if (m->cells[r][c]) {
                as_addresses row = as_addresses_range(f->arena, row_first(r), row_last(r));
                all = as_packets_union(
                        &f->space, as_packets_of(&f->space, row, columns(f, c, c)), all);
            }
        }
    }
    return all;
}

static bool within(const model *a, const model *b)
{
    for (size_t r = 0; r < N_ROWS; r++) {
        for (size_t c = 0; c < N_COLUMNS; c++) {
            if (a->cells[r][c] && !b->cells[r][c]) {
                return false;
            }
        }
    }
    return true;
}

static int setup(void **state)
{
    static fixture f;
    f.arena = as_arena_new((size_t)256 << 20);
    as_guard guard; /* a test that unwinds has failed */
    as_guard_push(&guard, f.arena);
    f.space = as_packet_space_new(f.arena);
    as_guard_leave(&guard);
    f.random = 20240601;
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    as_arena_free(((fixture *)*state)->arena);
    return 0;
}

static void test_packets__agree_with_the_model(void **state)
{
    fixture *f = *state;
    pair pool[8] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        pair *target = &pool[next(f, 8)];
        pair b = next(f, 3) == 0 ? pool[next(f, 8)] : box(f);
        *target = operate(f, next(f, 5) < 3 ? UNION : (operation)(1 + next(f, 2)), target, &b);
        check(f, target);
        assert_true(as_packets_equal(target->set, rebuild(f, &target->model)));
        assert_int_equal(
                as_packets_is_empty(target->set), within(&target->model, &(model){{{false}}}));
        assert_int_equal(
                as_packets_subset(&f->space, target->set, b.set), within(&target->model, &b.model));
        assert_int_equal(as_packets_equal(target->set, b.set),
                within(&target->model, &b.model) && within(&b.model, &target->model));
    }
}

/* Whether a column is held at 2^24 addresses of IPv4, or 2^112 of IPv6, of some rows. */
static bool is_wide(const model *m, size_t at, const bool rows[N_ROWS])
{
    as_address v4 = 0, v6 = 0;
    for (size_t r = 0; r < N_ROWS; r++) {
        if (m->cells[r][at] && rows[r]) {
            as_address *to = as_address_is_v4(row_first(r)) ? &v4 : &v6;
            *to += row_last(r) - row_first(r) + 1;
        }
    }
    return v4 >= (as_address)1 << 24 || v6 >= (as_address)1 << 112;
}

static void test_packets__are_wide_by_the_sum_of_addresses(void **state)
{
    fixture *f = *state;
    for (size_t round = 0; round < ROUNDS; round++) {
        pair all = {0};
        bool rows[N_ROWS];
        as_addresses where = as_addresses_none();
        for (size_t i = 0; i < 6; i++) {
            pair one = box(f);
            all = operate(f, next(f, 4) == 0 ? SUBTRACT : UNION, &all, &one);
        }
        for (size_t r = 0; r < N_ROWS; r++) {
            rows[r] = next(f, 3) > 0;
            if (rows[r]) {
                as_addresses row = as_addresses_range(f->arena, row_first(r), row_last(r));
                where = as_addresses_union(f->arena, where, row);
            }
        }
        const as_ports *wide = as_packets_at_wide(&f->space, all.set, where);
        for (size_t c = 0; c < N_COLUMNS; c++) {
            assert_int_equal(is_wide(&all.model, c, rows),
                    as_ports_contains(wide, COLUMNS[c].protocol, COLUMNS[c].last));
        }
    }
}

static void test_packets__obey_the_laws_of_sets(void **state)
{
    fixture *f = *state;
    const as_packet_space *s = &f->space;
    for (size_t round = 0; round < ROUNDS; round++) {
        pair x = box(f), y = box(f), z = box(f), w = box(f);
        as_packets a = as_packets_union(s, x.set, y.set), b = z.set, c = w.set;
        assert_true(as_packets_equal(as_packets_union(s, a, b), as_packets_union(s, b, a)));
        assert_true(as_packets_equal(as_packets_intersect(s, a, as_packets_union(s, b, c)),
                as_packets_union(s, as_packets_intersect(s, a, b), as_packets_intersect(s, a, c))));
        as_packets all = as_packets_all(s); /* De Morgan */
        assert_true(as_packets_equal(as_packets_subtract(s, all, as_packets_union(s, a, b)),
                as_packets_intersect(
                        s, as_packets_subtract(s, all, a), as_packets_subtract(s, all, b))));
        assert_true(
                as_packets_equal(as_packets_subtract(s, all, as_packets_subtract(s, all, a)), a));
        assert_true(as_packets_is_empty(as_packets_subtract(s, a, a)));
    }
}

static void test_packets__at_all_and_at_any(void **state)
{
    fixture *f = *state;
    const as_packet_space *s = &f->space;
    const as_ports *web = as_ports_range(s->ports, 6, 80, 80);
    const as_ports *dns = as_ports_range(s->ports, 17, 53, 53);
    as_addresses low = as_addresses_range(f->arena, AS_ADDRESS_V4, AS_ADDRESS_V4 + 9);
    as_addresses high = as_addresses_range(f->arena, AS_ADDRESS_V4 + 5, AS_ADDRESS_V4 + 19);
    as_packets set = as_packets_union(s, as_packets_of(s, low, web), as_packets_of(s, high, dns));
    assert_ptr_equal(as_packets_at_all(s, set, low), web);
    assert_ptr_equal(as_packets_at_any(s, set, low), as_ports_union(s->ports, web, dns));
    as_addresses both = as_addresses_intersect(f->arena, low, high);
    assert_ptr_equal(as_packets_at_all(s, set, both), as_ports_union(s->ports, web, dns));
    assert_true(as_addresses_equal(as_packets_addresses(s, set, dns), high));
    assert_true(as_addresses_equal(as_packets_addresses(s, set, as_ports_all(s->ports)),
            as_addresses_union(f->arena, low, high)));
    assert_ptr_equal(
            as_packets_at_all(s, as_packets_all(s), as_addresses_all()), as_ports_all(s->ports));
}

static as_str text_of(fixture *f, const as_ports *set)
{
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    as_port_space *p = f->space.ports;
    const as_ports *universe = as_ports_union(p, as_ports_protocol(p, 6),
            as_ports_union(p, as_ports_protocol(p, 17), as_ports_protocol(p, 132)));
    as_ports_write(&buf, set, universe);
    return as_buf_view(&buf);
}

static void expect_text(fixture *f, const as_ports *set, const char *expected)
{
    assert_string_equal(as_str_cstr(f->arena, text_of(f, set)), expected);
}

static void test_ports__text(void **state)
{
    fixture *f = *state;
    as_port_space *p = f->space.ports;
    const as_ports *web =
            as_ports_union(p, as_ports_range(p, 6, 80, 80), as_ports_range(p, 6, 8080, 8090));
    expect_text(f, as_ports_none(p), "No Connections");
    expect_text(f, as_ports_all(p), "All Connections");
    expect_text(f, web, "TCP 80,8080-8090");
    expect_text(f, as_ports_union(p, web, as_ports_range(p, 132, 9003, 9003)),
            "SCTP 9003,TCP 80,8080-8090");
    expect_text(f, as_ports_protocol(p, 17), "UDP 1-65535");
    expect_text(f, as_ports_union(p, as_ports_protocol(p, 47), as_ports_icmp(p, false, 8, 0)),
            "GRE,ICMP 8/0");
    expect_text(f, as_ports_icmp(p, true, 128, -1), "ICMPv6 128/0-128/255");
    expect_text(f, as_ports_protocol(p, 1), "ICMP");
    expect_text(f, as_ports_range(p, 89, 5, 9), "protocol 89");
    assert_ptr_equal(as_ports_range(p, 6, 9, 3), as_ports_none(p));
    assert_ptr_equal(as_ports_range(p, 300, 1, 2), as_ports_none(p));
}

static void test_ports__protocol_names(void **state)
{
    (void)state;
    unsigned protocol;
    assert_true(as_protocol_parse(AS_STR("tcp"), &protocol) && protocol == 6);
    assert_true(as_protocol_parse(AS_STR("ICMPv6"), &protocol) && protocol == 58);
    assert_true(as_protocol_parse(AS_STR("47"), &protocol) && protocol == 47);
    assert_false(as_protocol_parse(AS_STR("256"), &protocol));
    assert_false(as_protocol_parse(AS_STR("-1"), &protocol));
    assert_false(as_protocol_parse(AS_STR("carrier pigeon"), &protocol));
}

static as_addresses network(fixture *f, const char *text)
{
    as_cidr cidr;
    assert_true(as_cidr_parse(as_str_from(text), &cidr));
    return as_addresses_cidr(f->arena, &cidr);
}

static void expect_ranges(fixture *f, as_addresses a, bool cidrs, const char *expected)
{
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    for (size_t i = 0; i < a.n; i++) {
        as_buf_cstr(&buf, i == 0 ? "" : " ");
        if (cidrs) {
            as_address_range_write_cidrs(&buf, a.ranges[i]);
        } else {
            as_address_range_write(&buf, a.ranges[i]);
        }
    }
    assert_string_equal(as_buf_c(&buf), expected);
}

static void test_addresses__networks(void **state)
{
    fixture *f = *state;
    expect_ranges(f, network(f, "10.1.2.3/8"), false, "10.0.0.0-10.255.255.255");
    expect_ranges(f, network(f, "0.0.0.0/0"), false, "0.0.0.0-255.255.255.255");
    expect_ranges(f, network(f, "10.0.0.7"), false, "10.0.0.7-10.0.0.7");
    expect_ranges(f, network(f, "2001:db8::/32"), true, "2001:db8::/32");
    expect_ranges(f,
            as_addresses_subtract(f->arena, network(f, "10.0.0.0/24"), network(f, "10.0.0.128/26")),
            true, "10.0.0.0/25 10.0.0.192/26");
    expect_ranges(f, as_addresses_range(f->arena, AS_ADDRESS_V4 + 1, AS_ADDRESS_V4 + 6), true,
            "0.0.0.1/32,0.0.0.2/31,0.0.0.4/31,0.0.0.6/32");
    /* All of IPv6 holds no IPv4, and with it is everything. */
    as_addresses v6 = network(f, "::/0");
    assert_false(as_addresses_overlap(v6, as_addresses_all_v4()));
    assert_true(as_addresses_equal(
            as_addresses_union(f->arena, v6, as_addresses_all_v4()), as_addresses_all()));
    assert_true(as_addresses_equal(v6, as_addresses_all_v6(f->arena)));
    assert_true(as_addresses_subset(network(f, "10.9.0.0/16"), network(f, "10.0.0.0/8")));
    assert_false(as_addresses_subset(network(f, "10.0.0.0/8"), network(f, "10.9.0.0/16")));
}

/* Random networks of both families, as texts, against one bit for each address. */
enum { N_BITS = 512 }; /* 10.0.0.0/24, then 2001:db8::/120 */

typedef struct bits {
    as_addresses set;
    bool in[N_BITS];
} bits;

static as_address address_of_bit(fixture *f, size_t bit)
{
    as_address first = network(f, bit < 256 ? "10.0.0.0" : "2001:db8::").ranges[0].first;
    return first + bit % 256;
}

static bits random_network(fixture *f)
{
    bits out = {.set = as_addresses_none()};
    unsigned length = next(f, 9), first = (next(f, 256) >> (8 - length)) << (8 - length);
    bool v6 = next(f, 2) == 1;
    as_str text = v6 ? as_str_fmt(f->arena, "2001:db8::%x/%u", first, 120 + length)
                     : as_str_fmt(f->arena, "10.0.0.%u/%u", first, 24 + length);
    out.set = network(f, as_str_cstr(f->arena, text));
    for (size_t i = 0; i < (size_t)1 << (8 - length); i++) {
        out.in[(v6 ? 256 : 0) + first + i] = true;
    }
    return out;
}

static void check_bits(fixture *f, const bits *x, const bits *y)
{
    bool within = true, meet = false, same = true, empty = true;
    for (size_t i = 0; i < N_BITS; i++) {
        assert_int_equal(x->in[i], as_addresses_contain(x->set, address_of_bit(f, i)));
        within = within && (!x->in[i] || y->in[i]);
        meet = meet || (x->in[i] && y->in[i]);
        same = same && x->in[i] == y->in[i];
        empty = empty && !x->in[i];
    }
    assert_int_equal(within, as_addresses_subset(x->set, y->set));
    assert_int_equal(meet, as_addresses_overlap(x->set, y->set));
    assert_int_equal(same, as_addresses_equal(x->set, y->set));
    assert_int_equal(empty, x->set.n == 0);
    for (size_t i = 0; i < x->set.n; i++) { /* sorted, disjoint, not adjacent */
        assert_true(x->set.ranges[i].first <= x->set.ranges[i].last);
        assert_true(i == 0 || x->set.ranges[i - 1].last + 1 < x->set.ranges[i].first);
    }
}

static void test_addresses__agree_with_the_model(void **state)
{
    fixture *f = *state;
    bits pool[4] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        bits *to = &pool[next(f, 4)], b = next(f, 3) == 0 ? pool[next(f, 4)] : random_network(f);
        unsigned op = next(f, 4);
        to->set = op < 2    ? as_addresses_union(f->arena, to->set, b.set)
                  : op == 2 ? as_addresses_intersect(f->arena, to->set, b.set)
                            : as_addresses_subtract(f->arena, to->set, b.set);
        for (size_t i = 0; i < N_BITS; i++) {
            bool x = to->in[i], y = b.in[i];
            to->in[i] = op < 2 ? x || y : op == 2 ? x && y : x && !y;
        }
        check_bits(f, to, &b);
        check_bits(f, &b, to);
    }
}

/* Thousands of overlapping networks in any order: as many as there are gaps between them. */
static void test_addresses__many_networks(void **state)
{
    enum { N = 20000 };
    fixture *f = *state;
    as_address_range *ranges = AS_NEW_ARRAY(f->arena, as_address_range, N);
    as_address_range *copy = AS_NEW_ARRAY(f->arena, as_address_range, N);
    for (size_t i = 0; i < N; i++) {
        as_address first = AS_ADDRESS_V4 + next(f, 1 << 20) * 16;
        copy[i] = ranges[i] = (as_address_range){first, first + next(f, 64)};
    }
    as_addresses all = as_addresses_of_ranges(f->arena, ranges, N);
    for (size_t i = 0; i < N; i++) {
        assert_true(as_addresses_subset((as_addresses){&copy[i], 1}, all));
    }
    for (size_t i = 1; i < all.n; i++) {
        assert_true(all.ranges[i - 1].last + 1 < all.ranges[i].first);
    }
    as_address_range inverted[] = {{9, 3}, {1, 2}};
    assert_int_equal(as_addresses_of_ranges(f->arena, inverted, 2).n, 1);
}

static void test_packets__stop_at_the_limit(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    volatile bool stopped = true;
    if (AS_GUARD_ENTER(&guard, arena)) {
        size_t n = AS_MAX_ADDRESS_RANGES + 1;
        as_address_range *ranges = AS_NEW_ARRAY(arena, as_address_range, n);
        for (size_t i = 0; i < n; i++) {
            ranges[i] = (as_address_range){i * 2, i * 2};
        }
        (void)as_addresses_of_ranges(arena, ranges, n);
        stopped = false;
        as_guard_leave(&guard);
    }
    assert_true(stopped);
    assert_int_equal(guard.cause, AS_CAUSE_BUDGET);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_packets__agree_with_the_model),
            cmocka_unit_test(test_packets__are_wide_by_the_sum_of_addresses),
            cmocka_unit_test(test_packets__obey_the_laws_of_sets),
            cmocka_unit_test(test_packets__at_all_and_at_any),
            cmocka_unit_test(test_ports__text),
            cmocka_unit_test(test_ports__protocol_names),
            cmocka_unit_test(test_addresses__agree_with_the_model),
            cmocka_unit_test(test_addresses__networks),
            cmocka_unit_test(test_addresses__many_networks),
            cmocka_unit_test(test_packets__stop_at_the_limit),
    };
    return cmocka_run_group_tests_name("packets", tests, setup, teardown);
}
