// Whether faces of some groups of people are found, followed and read worse than those of others.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "pyro/datasets/bootstrap.hpp"
#include "pyro/datasets/predictions.hpp"
#include "pyro/html/page.hpp"

namespace pyro::datasets {

// What is compared, each a mean over those pictures to which it applies.
enum class Measure : std::uint8_t {
  detected,        // a face was found; over all pictures
  usable,          // its mesh was usable; over the detected
  accuracy,        // the expression is right; over the usable of a labelled set
  overconfidence,  // largest probability less 1 or 0 for right or wrong; over the same
  confidence,      // largest probability; over the usable
  negative,  // p of angry, disgust, fear and sad together, which is what raises the score; over the usable
};
inline constexpr int kMeasures = 6;

struct MeasureText {
  std::string_view id, title, over;
};
[[nodiscard]] const MeasureText& text_of(Measure measure);

struct Estimate {
  int n = 0;         // pictures to which it applies
  double value = 0;  // NaN where n is 0
  Interval interval;
};

struct GroupFigures {
  std::string name;
  int pictures = 0;
  std::array<Estimate, kMeasures> estimates;
  std::map<std::string, std::int64_t> failures;  // "no_face", "turned_away", … → pictures
  std::array<double, records::kClasses> said{};  // share of each class among the usable faces
};

// Between the groups with the highest and the lowest value, of at least kLeastInGroup pictures each.
inline constexpr int kLeastInGroup = 30;
struct Gap {
  Measure measure = Measure::detected;
  std::string highest, lowest;
  double value = 0;
  Interval interval;  // 95 % bootstrap of the difference between these two
  // Share of random deals of the same pictures to groups of the same sizes whose largest gap is at least as
  // large: it pays for having picked the two extremes. Holm: also for the number of gaps of the whole audit.
  double p = 1, p_holm = 1;
};

struct Attribute {
  std::string name;                  // "age", "gender × race"
  std::vector<GroupFigures> groups;  // by name
  std::vector<Gap> gaps;             // one a measure where two groups are large enough
  int not_told = 0;                  // pictures without a value
};

struct Audit {
  std::string set, model, head;
  bool labelled = true;  // whether the set tells expressions
  bool detection =
      true;  // false for faces that were cropped already: nothing is said of the first two measures
  std::uint64_t seed = 1;
  GroupFigures all;
  std::vector<Attribute> attributes;
  std::vector<std::string> warnings;
};

struct AuditedSet {
  std::string name, model, head;
  bool labelled = true;
  std::uint64_t seed = 1;
};
[[nodiscard]] Audit audit_of(const AuditedSet& set, const std::vector<Item>& items,
                             const std::vector<Prediction>& predictions);

[[nodiscard]] nlohmann::json to_json(const Audit& audit);
// The same as a page, with the pictures of faces that were not found or not usable (at most `most` a reason).
[[nodiscard]] html::Page audit_page(const Audit& audit, const std::vector<Item>& items,
                                    const std::vector<Prediction>& predictions, int most = 24);

}  // namespace pyro::datasets
