#include "pyro/security/group_guard.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace pyro::security {

namespace {

bool is_a_set(const People& people) {
  return std::ranges::adjacent_find(people, std::greater_equal<>{}) == people.end();
}

}  // namespace

std::size_t people_apart(const People& a, const People& b) {
  std::size_t apart = 0, i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const int order = a[i].compare(b[j]);
    apart += order != 0 ? 1 : 0;
    i += order <= 0 ? 1 : 0;
    j += order >= 0 ? 1 : 0;
  }
  return apart + (a.size() - i) + (b.size() - j);
}

Result<GroupVerdict> judge_group(std::span<const People> answered, const People& asked, int k) {
  if (k < kFewestPeople)
    return wrong_use("groups need at least " + std::to_string(kFewestPeople) +
                     " people; set k to that or more");
  if (!is_a_set(asked) || !std::ranges::all_of(answered, is_a_set))
    return failed("the people of a group must be sorted, each once");
  const auto least = static_cast<std::size_t>(k);
  // Also where an earlier answer would be near: a group that has shrunk below k is not spoken of any more.
  if (asked.size() < least) return GroupVerdict{};
  std::optional<std::size_t> nearest;
  std::size_t distance = least;
  for (std::size_t i = 0; i < answered.size(); ++i) {
    const std::size_t apart = people_apart(answered[i], asked);
    if (apart >= least || (nearest && apart > distance)) continue;
    nearest = i;
    distance = apart;
  }
  if (nearest) return GroupVerdict{GroupVerdict::Kind::again, *nearest};
  return GroupVerdict{GroupVerdict::Kind::answer, 0};
}

std::vector<bool> cells_shown(std::span<const int> people, int k) {
  std::vector<bool> shown(people.size());
  int hidden = 0;
  bool any_hidden = false;
  for (std::size_t i = 0; i < people.size(); ++i) {
    shown[i] = people[i] >= k;
    hidden += shown[i] ? 0 : people[i];
    any_hidden = any_hidden || !shown[i];
  }
  while (any_hidden && hidden < k) {
    std::optional<std::size_t> smallest;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (shown[i] && (!smallest || people[i] < people[*smallest])) smallest = i;
    }
    if (!smallest) break;
    shown[*smallest] = false;
    hidden += people[*smallest];
  }
  return shown;
}

double rounded_figure(double value, double grid) {
  return std::round(value / grid) * grid + 0.0;  // and no "-0"
}

int rounded_people(int people) {
  return people / 5 * 5;
}

}  // namespace pyro::security
