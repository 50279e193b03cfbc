#include "pyro/datasets/split.hpp"

#include <limits>
#include <unordered_map>

#include "disjoint_sets.hpp"
#include "pyro/datasets/inspect.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::datasets {
namespace {

std::vector<Members> lumps_of(const std::vector<Item>& items, const Twins& twins) {
  DisjointSets sets(items.size());
  for (const auto* groups : {&twins.exact, &twins.near}) {
    for (const Members& group : *groups) {
      for (const std::size_t i : group) sets.join(group.front(), i);
    }
  }
  std::unordered_map<std::string, std::size_t> person;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].person.empty()) sets.join(person.try_emplace(items[i].person, i).first->second, i);
  }
  std::vector<Members> of(items.size()), lumps;
  for (std::size_t i = 0; i < items.size(); ++i) of[sets.find(i)].push_back(i);
  for (Members& members : of) {
    if (!members.empty()) lumps.push_back(std::move(members));
  }
  return lumps;
}

// One draw: lumps in random order go to the test part as long as they bring its classes nearer to what is
// wanted.
struct Draw {
  std::vector<bool> test;  // per lump
  double distance = 0;     // Σ (count - wanted)² / class size
};

Draw draw(const std::vector<ClassCounts>& lumps, const ClassCounts& total, double share, Random& random) {
  std::vector<std::size_t> order(lumps.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  shuffle(std::span(order), random);
  Draw drawn{std::vector<bool>(lumps.size()), 0};
  std::array<double, records::kClasses> missing{};
  for (std::size_t c = 0; c < total.size(); ++c) missing[c] = share * static_cast<double>(total[c]);
  for (const std::size_t lump : order) {
    double change = 0;
    for (std::size_t c = 0; c < total.size(); ++c) {
      if (total[c] == 0) continue;
      const double after = missing[c] - static_cast<double>(lumps[lump][c]);
      change += (after * after - missing[c] * missing[c]) / static_cast<double>(total[c]);
    }
    if (change >= 0) continue;
    drawn.test[lump] = true;
    for (std::size_t c = 0; c < total.size(); ++c) missing[c] -= static_cast<double>(lumps[lump][c]);
  }
  for (std::size_t c = 0; c < total.size(); ++c) {
    if (total[c] > 0) drawn.distance += missing[c] * missing[c] / static_cast<double>(total[c]);
  }
  return drawn;
}

}  // namespace

Result<std::vector<bool>> split_items(const std::vector<Item>& items, const Twins& twins,
                                      const SplitOptions& options) {
  if (!(options.test > 0 && options.test < 1))
    return wrong_use("the test part must be a share above 0 and below 1");
  if (options.by_person) {
    for (const Item& item : items) {
      if (item.person.empty())
        return bad_input("'" + item.name + "' has no person: a split by person needs one for every picture");
    }
  }
  const std::vector<Members> lumps = lumps_of(items, twins);
  std::vector<ClassCounts> counts(lumps.size());
  ClassCounts total{};
  for (std::size_t lump = 0; lump < lumps.size(); ++lump) {
    for (const std::size_t i : lumps[lump]) {
      ++counts[lump][static_cast<std::size_t>(items[i].label)];
      ++total[static_cast<std::size_t>(items[i].label)];
    }
  }
  Random random(options.seed);
  constexpr std::size_t kWork =
      100'000;  // lumps to be placed over all draws: a large set hardly gains by more
  const std::size_t draws = std::clamp<std::size_t>(kWork / std::max<std::size_t>(1, lumps.size()), 1, 200);
  Draw best{{}, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < draws; ++i) {
    Draw drawn = draw(counts, total, options.test, random);
    const auto chosen = std::ranges::count(drawn.test, true);
    const bool both = chosen > 0 && chosen < std::ssize(drawn.test);
    if (both && drawn.distance < best.distance) best = std::move(drawn);
  }
  if (best.test.empty()) {
    return bad_input("this set cannot be divided so: its " + std::to_string(items.size()) +
                     " pictures hang together in " + std::to_string(lumps.size()) +
                     " lumps (persons, twins); ask for another share or add pictures");
  }
  std::vector<bool> test(items.size());
  for (std::size_t lump = 0; lump < lumps.size(); ++lump) {
    for (const std::size_t i : lumps[lump]) test[i] = best.test[lump];
  }
  return test;
}

}  // namespace pyro::datasets
