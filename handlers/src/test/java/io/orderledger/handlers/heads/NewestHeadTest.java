package io.orderledger.handlers.heads;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.handlers.heads.NewestHead.Page;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NewestHeadTest {
    private static final int MAX_LISTINGS = 2 * Long.SIZE;

    private int listings;

    @Property(tries = 200)
    void finds_the_largest_of_any_sizes_whatever_the_page(
            @ForAll @Size(max = 60) List<@LongRange(min = 1, max = Long.MAX_VALUE) Long> sizes,
            @ForAll @IntRange(min = 1, max = 20) int page) {
        NavigableSet<Long> heads = new TreeSet<>(sizes);
        listings = 0;

        long newest = search(heads, page, 0);

        assertThat(newest).isEqualTo(heads.isEmpty() ? 0 : heads.last());
        assertThat(listings).isLessThanOrEqualTo(MAX_LISTINGS);
    }

    @Property(tries = 200)
    void goes_on_from_any_head_that_is_known(
            @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 1, max = 1_000_000) Long> sizes,
            @ForAll @IntRange(min = 0, max = 59) int known) {
        NavigableSet<Long> heads = new TreeSet<>(sizes);

        assertThat(search(heads, 3, sizes.get(known % sizes.size()))).isEqualTo(heads.last());
    }

    @Test
    void one_listing_follows_what_came_after_the_known_head() {
        NavigableSet<Long> heads = heads(10_000);

        assertThat(search(heads, 1000, 29_997)).isEqualTo(30_000);
        assertThat(search(heads, 1000, 30_000)).isEqualTo(30_000);
        assertThat(listings).isEqualTo(2);
    }

    @Test
    void a_year_of_heads_a_minute_takes_few_listings() {
        assertThat(search(heads(525_600), 1000, 0)).isEqualTo(3 * 525_600);
        assertThat(listings).isLessThanOrEqualTo(25);
    }

    /** Three leaves from one head to the next. */
    private static NavigableSet<Long> heads(int count) {
        return LongStream.rangeClosed(1, count)
                .map(index -> 3 * index)
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private long search(NavigableSet<Long> heads, int page, long known) {
        return new NewestHead(size -> {
                    listings++;
                    NavigableSet<Long> rest = heads.tailSet(size, false);
                    return rest.stream()
                            .limit(page)
                            .reduce((smaller, larger) -> larger)
                            .map(largest -> new Page(largest, heads.higher(largest) == null))
                            .orElse(Page.NONE);
                })
                .search(known);
    }
}
