#include "pyro/datasets/audit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "pyro/datasets/random.hpp"
#include "pyro/records/face.hpp"
#include "words.hpp"

namespace pyro::datasets {
namespace {

using nlohmann::json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kDeals = 1000;
constexpr std::array<MeasureText, kMeasures> kTexts{
    {{"detected", "face found", "all pictures"},
     {"usable", "mesh usable", "faces found"},
     {"accuracy", "expression right", "usable faces"},
     {"overconfidence", "confidence above accuracy", "usable faces"},
     {"confidence", "confidence", "usable faces"},
     {"negative", "p(angry, disgust, fear, sad)", "usable faces"}}};

bool found(const Prediction& said) {
  return said.missed_because != records::name_of(records::GapReason::no_face);
}

// NaN where the measure does not apply to the picture.
double value_of(Measure measure, bool labelled, bool detection, const Item& item, const Prediction& said) {
  const bool usable = said.label != kMissed;
  const auto share = [](bool yes) { return yes ? 1.0 : 0.0; };
  if (measure == Measure::detected) return detection ? share(found(said)) : kNaN;
  if (measure == Measure::usable) return detection && found(said) ? share(usable) : kNaN;
  if (!usable) return kNaN;
  const double right = labelled ? share(static_cast<int>(item.label) == said.label) : kNaN;
  if (measure == Measure::accuracy) return right;
  if (!said.said.known()) return kNaN;
  const double confidence = said.said.p[static_cast<std::size_t>(said.label)];
  if (measure == Measure::overconfidence) return confidence - right;
  if (measure == Measure::confidence) return confidence;
  using enum records::Emotion;
  double negative = 0;
  for (const records::Emotion emotion : {angry, disgust, fear, sad})
    negative += said.said.p[static_cast<std::size_t>(emotion)];
  return negative;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? kNaN : sum / static_cast<double>(values.size());
}

class Auditor {
 public:
  Auditor(const Audit& audit, const std::vector<Item>& items, const std::vector<Prediction>& predictions)
      : audit_(audit), items_(items), predictions_(predictions) {}

  [[nodiscard]] std::vector<double> values(Measure measure, const std::vector<std::size_t>& members) const {
    std::vector<double> values;
    for (const std::size_t i : members) {
      const double value = value_of(measure, audit_.labelled, audit_.detection, items_[i], predictions_[i]);
      if (std::isfinite(value)) values.push_back(value);
    }
    return values;
  }

  [[nodiscard]] GroupFigures figures(const std::string& name, const std::vector<std::size_t>& members) const {
    GroupFigures group;
    group.name = name;
    group.pictures = static_cast<int>(members.size());
    for (std::size_t m = 0; m < kMeasures; ++m) {
      const std::vector<double> of = values(static_cast<Measure>(m), members);
      group.estimates[m] = {static_cast<int>(of.size()), mean_of(of), mean_interval(of, audit_.seed)};
    }
    int usable = 0;
    for (const std::size_t i : members) {
      const Prediction& said = predictions_[i];
      if (said.label == kMissed) {
        ++group.failures[said.missed_because.empty() ? "not told" : said.missed_because];
      } else {
        ++usable;
        ++group.said[static_cast<std::size_t>(said.label)];
      }
    }
    for (double& share : group.said) share = usable > 0 ? share / usable : kNaN;
    return group;
  }

  [[nodiscard]] std::optional<Gap> gap(Measure measure, const std::vector<GroupFigures>& groups,
                                       const std::vector<std::vector<std::size_t>>& members) const {
    std::vector<std::vector<double>> of;
    std::vector<std::string> names;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      std::vector<double> values = this->values(measure, members[g]);
      if (values.size() < kLeastInGroup) continue;
      of.push_back(std::move(values));
      names.push_back(groups[g].name);
    }
    if (of.size() < 2) return std::nullopt;
    const auto ends = extremes(of);
    Gap gap;
    gap.measure = measure;
    gap.highest = names[ends.second];
    gap.lowest = names[ends.first];
    gap.value = mean_of(of[ends.second]) - mean_of(of[ends.first]);
    gap.interval = difference_interval(of[ends.second], of[ends.first]);
    gap.p = deal_anew(of, gap.value);
    return gap;
  }

 private:
  // The groups with the lowest and the highest mean.
  static std::pair<std::size_t, std::size_t> extremes(const std::vector<std::vector<double>>& groups) {
    std::vector<double> means(groups.size());
    std::ranges::transform(groups, means.begin(), mean_of);
    const auto [low, high] = std::ranges::minmax_element(means);
    return {static_cast<std::size_t>(low - means.begin()), static_cast<std::size_t>(high - means.begin())};
  }

  // Each group is drawn anew from itself.
  [[nodiscard]] Interval difference_interval(const std::vector<double>& high,
                                             const std::vector<double>& low) const {
    Random random(mix(audit_.seed, 1));
    const auto drawn = [&random](const std::vector<double>& values) {
      double sum = 0;
      for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
      return sum / static_cast<double>(values.size());
    };
    std::vector<double> differences(kResamples);
    for (double& difference : differences) difference = drawn(high) - drawn(low);
    return percentile_interval(std::move(differences));
  }

  [[nodiscard]] double deal_anew(const std::vector<std::vector<double>>& groups, double observed) const {
    std::vector<double> all;
    for (const std::vector<double>& group : groups) all.insert(all.end(), group.begin(), group.end());
    Random random(mix(audit_.seed, 2));
    int as_large = 0;
    for (int deal = 0; deal < kDeals; ++deal) {
      shuffle(std::span(all), random);
      double low = std::numeric_limits<double>::infinity(), high = -low;
      auto at = all.begin();
      for (const std::vector<double>& group : groups) {
        const auto end = at + static_cast<std::ptrdiff_t>(group.size());
        double sum = 0;
        for (; at != end; ++at) sum += *at;
        low = std::min(low, sum / static_cast<double>(group.size()));
        high = std::max(high, sum / static_cast<double>(group.size()));
      }
      as_large += high - low >= observed - 1e-12 ? 1 : 0;
    }
    return (1.0 + as_large) / (1.0 + kDeals);
  }

  const Audit& audit_;
  const std::vector<Item>& items_;
  const std::vector<Prediction>& predictions_;
};

std::string group_of(const Item& item, const std::string& attribute) {
  const auto group = std::ranges::find(item.groups, attribute, &Group::name);
  return group == item.groups.end() ? "" : group->value;
}

// Each attribute that the set tells, and gender together with what says most about skin: the worst served are
// often found only there (Buolamwini & Gebru 2018).
std::vector<std::vector<std::string>> attributes_of(const std::vector<Item>& items) {
  std::set<std::string> names;
  for (const Item& item : items) {
    for (const Group& group : item.groups) names.insert(group.name);
  }
  std::vector<std::vector<std::string>> attributes;
  attributes.reserve(names.size() + 1);
  for (const std::string& name : names) attributes.push_back({name});
  for (const char* skin : {"skin_tone", "race", "ethnicity"}) {
    if (!names.contains("gender") || !names.contains(skin)) continue;
    attributes.push_back({"gender", skin});
    break;
  }
  return attributes;
}

// Holm 1979 over every gap of the audit.
void correct(std::vector<Attribute>& attributes) {
  std::vector<Gap*> gaps;
  for (Attribute& attribute : attributes) {
    for (Gap& gap : attribute.gaps) gaps.push_back(&gap);
  }
  std::ranges::sort(gaps, {}, &Gap::p);
  double least = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    least = std::max(least, std::min(1.0, gaps[i]->p * static_cast<double>(gaps.size() - i)));
    gaps[i]->p_holm = least;
  }
}

void add_warnings(Audit& audit) {
  if (!audit.labelled) {
    audit.warnings.emplace_back(
        "The set does not tell what the faces express. Where groups are read differently, that may be the "
        "model or "
        "the pictures: people of one group may smile more often in them.");
  }
  std::string small;
  for (const Attribute& attribute : audit.attributes) {
    for (const GroupFigures& group : attribute.groups) {
      if (group.pictures < kLeastInGroup)
        small += (small.empty() ? "" : ", ") + attribute.name + " " + group.name + " (" +
                 std::to_string(group.pictures) + ")";
    }
  }
  if (!small.empty())
    audit.warnings.push_back("Fewer than " + std::to_string(kLeastInGroup) +
                             " pictures, so no gap is told of them: " + small + ".");
}

json to_json(const GroupFigures& group) {
  json line{{"group", group.name}, {"pictures", group.pictures}, {"failures", group.failures}};
  for (std::size_t m = 0; m < kMeasures; ++m) {
    const Estimate& estimate = group.estimates[m];
    if (estimate.n == 0) continue;
    line[kTexts[m].id] = {{"n", estimate.n}, {"value", estimate.value}, {"95", pair_of(estimate.interval)}};
  }
  for (std::size_t c = 0; c < group.said.size(); ++c) line["said"][records::kEmotionNames[c]] = group.said[c];
  return line;
}

}  // namespace

const MeasureText& text_of(Measure measure) {
  return kTexts[static_cast<std::size_t>(measure)];
}

Audit audit_of(const AuditedSet& set, const std::vector<Item>& items,
               const std::vector<Prediction>& predictions) {
  Audit audit;
  audit.set = set.name;
  audit.model = set.model;
  audit.head = set.head;
  audit.labelled = set.labelled;
  audit.seed = set.seed;
  audit.detection = std::ranges::any_of(items, [](const Item& item) { return !item.face; });
  const Auditor auditor(audit, items, predictions);
  std::vector<std::size_t> everybody(items.size());
  for (std::size_t i = 0; i < everybody.size(); ++i) everybody[i] = i;
  audit.all = auditor.figures("all", everybody);
  for (const std::vector<std::string>& parts : attributes_of(items)) {
    Attribute attribute;
    for (const std::string& part : parts) attribute.name += (attribute.name.empty() ? "" : " × ") + part;
    std::map<std::string, std::vector<std::size_t>> by_value;
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::string value;
      for (const std::string& part : parts) {
        const std::string one = group_of(items[i], part);
        if (one.empty()) {
          value.clear();
          break;
        }
        value += (value.empty() ? "" : ", ") + one;
      }
      if (value.empty()) {
        ++attribute.not_told;
      } else {
        by_value[value].push_back(i);
      }
    }
    std::vector<std::vector<std::size_t>> members;
    for (const auto& [value, some] : by_value) {
      attribute.groups.push_back(auditor.figures(value, some));
      members.push_back(some);
    }
    for (int m = 0; m < kMeasures; ++m) {
      if (std::optional<Gap> gap = auditor.gap(static_cast<Measure>(m), attribute.groups, members))
        attribute.gaps.push_back(std::move(*gap));
    }
    audit.attributes.push_back(std::move(attribute));
  }
  correct(audit.attributes);
  add_warnings(audit);
  return audit;
}

json to_json(const Audit& audit) {
  json attributes = json::array();
  for (const Attribute& attribute : audit.attributes) {
    json groups = json::array(), gaps = json::array();
    for (const GroupFigures& group : attribute.groups) groups.push_back(to_json(group));
    for (const Gap& gap : attribute.gaps) {
      gaps.push_back({{"measure", text_of(gap.measure).id},
                      {"highest", gap.highest},
                      {"lowest", gap.lowest},
                      {"gap", gap.value},
                      {"gap_95", pair_of(gap.interval)},
                      {"p", gap.p},
                      {"p_holm", gap.p_holm}});
    }
    attributes.push_back({{"attribute", attribute.name},
                          {"groups", std::move(groups)},
                          {"largest_gaps", std::move(gaps)},
                          {"not_told", attribute.not_told}});
  }
  return {{"dataset", audit.set},       {"model", audit.model},     {"head", audit.head},
          {"labelled", audit.labelled}, {"n", audit.all.pictures},  {"seed", audit.seed},
          {"all", to_json(audit.all)},  {"attributes", attributes}, {"warnings", audit.warnings}};
}

}  // namespace pyro::datasets
