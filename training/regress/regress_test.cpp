#include "regress/regress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

namespace {

using namespace pyro;
using namespace pyro::training;
using testing::HasSubstr;

double normal(std::mt19937_64& random) {
  return std::normal_distribution<double>()(random);
}

Rows all_rows(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

// `persons` persons with 1 to 4 sessions; figures are normal, the target is made by `target` of the figures.
template <class Target>
Cases made_cases(std::size_t persons, std::size_t figures, std::uint64_t seed, Target target) {
  std::mt19937_64 random(seed);
  Cases cases;
  cases.x.columns = figures;
  for (std::size_t p = 0; p < persons; ++p) {
    cases.persons.push_back("P" + std::to_string(p));
    for (std::size_t s = 0; s < 1 + p % 4; ++s) {
      for (std::size_t k = 0; k < figures; ++k) {
        cases.x.values.push_back(static_cast<float>(normal(random)));
      }
      ++cases.x.rows;
      cases.person.push_back(static_cast<std::int32_t>(p));
      cases.line.push_back(cases.line.size());
      cases.y.push_back(target(cases.x.row(cases.x.rows - 1), random));
    }
  }
  for (std::size_t k = 0; k < figures; ++k) {
    cases.features.push_back({"f" + std::to_string(k)});
  }
  return cases;
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("pyro-regress-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST(ElasticNet, OneFigureByHand) {
  // Standardised x is ±1, cov(x, y) = 2, y's mean 5. λ_max = 2 / ρ.
  Cases cases;
  cases.x = {4, 1, {10, 10, 20, 20}};
  cases.y = {3, 3, 7, 7};
  const Design design(cases.x, all_rows(4));
  const ElasticNet net(design, cases.y);
  // ρ = 1, λ = 1: soft threshold 2 - 1 = 1 for a deviation of 5, so 0.2 a unit.
  LinearModel model = net.fit({1, 0.5});
  EXPECT_NEAR(model.weights[0], 0.2, 1e-9);
  EXPECT_NEAR(model.intercept, 5 - 0.2 * 15, 1e-9);
  // ρ = 0.5, λ = 0.25 · 4 = 1: (2 - 0.5) / (1 + 0.5) = 1 again.
  model = net.fit({0.5, 0.25});
  EXPECT_NEAR(model.weights[0], 0.2, 1e-9);
  // At the largest λ nothing is left, and the mean is said.
  model = net.fit({1, 1});
  EXPECT_EQ(model.weights[0], 0);
  EXPECT_NEAR(model.intercept, 5, 1e-12);
}

TEST(ElasticNet, AsScikitLearn) {  // tests/reference/record_elastic_net.py
  Cases cases;
  cases.x = {8, 3, {1, 4, 2, 2, 1, 7, 3, 8, 1, 4, 2, 8, 5, 9, 3, 6, 3, 5, 7, 7, 9, 8, 5, 4}};
  cases.y = {3, 4, 1, 9, 6, 12, 8, 15};
  const Design design(cases.x, all_rows(8));
  const ElasticNet net(design, cases.y);
  const std::tuple<Penalty, std::array<double, 3>, double> expected[] = {
      {{1, 0.3}, {1.194494741, -0.225433042, 0}, 2.973759746},
      {{0.5, 0.1}, {1.140582517, -0.352707922, 0}, 3.836829795},
      {{0.1, 0.02}, {0.985444352, -0.306762960, 0.096044124}, 3.842754745}};
  for (const auto& [penalty, weights, intercept] : expected) {
    const LinearModel model = net.fit(penalty);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(model.weights[k], weights[k], 2e-6);
    EXPECT_NEAR(model.intercept, intercept, 1e-5);
  }
}

TEST(ElasticNet, UnknownFiguresAreFilledWithTheMedianOfTheFittedRows) {
  regression::Matrix x{4, 1, {1, std::nanf(""), 3, 100}};
  const Design design(x, {0, 1, 2});  // the fourth row is not fitted on
  EXPECT_EQ(design.fill()[0], 2);
}

// The conditions of Karush, Kuhn and Tucker say what the minimum is, whatever found it: for a weight that is
// not 0 the gradient of the error equals the penalty's, for the others it is no larger.
TEST(ElasticNet, IsTheMinimum) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Cases cases = made_cases(
        30, 8, seed, [](const float* row, auto& random) { return 3 * row[0] - 2 * row[3] + normal(random); });
    const double l1_share = kL1Shares[seed % kL1Shares.size()],
                 lambda_share = 0.02 * static_cast<double>(seed);
    const Rows rows = all_rows(cases.size());
    const LinearModel model = ElasticNet(Design(cases.x, rows), cases.y).fit({l1_share, lambda_share});
    // Standardised by other code.
    const auto n = static_cast<double>(cases.size());
    std::vector<double> mean(8), deviation(8), with_error(8), with_y(8);
    const double mean_y = std::accumulate(cases.y.begin(), cases.y.end(), 0.0) / n;
    for (std::size_t k = 0; k < 8; ++k) {
      for (const std::size_t row : rows) mean[k] += static_cast<double>(cases.x.row(row)[k]) / n;
      for (const std::size_t row : rows)
        deviation[k] += std::pow(static_cast<double>(cases.x.row(row)[k]) - mean[k], 2) / n;
      deviation[k] = std::sqrt(deviation[k]);
      for (const std::size_t row : rows) {
        const double z = (static_cast<double>(cases.x.row(row)[k]) - mean[k]) / deviation[k];
        with_error[k] += z * (cases.y[row] - model(cases.x.row(row))) / n;
        with_y[k] += z * (cases.y[row] - mean_y) / n;
      }
    }
    double most = 0;
    for (const double one : with_y) most = std::max(most, std::abs(one));
    const double lambda = lambda_share * most / l1_share;
    for (std::size_t k = 0; k < 8; ++k) {
      const double weight = model.weights[k] * deviation[k];
      const double pull = with_error[k] - lambda * (1 - l1_share) * weight;
      if (weight != 0) {
        EXPECT_NEAR(pull, std::copysign(lambda * l1_share, weight), 1e-4)
            << "seed " << seed << ", figure " << k;
      } else {
        EXPECT_LE(std::abs(pull), lambda * l1_share + 1e-4) << "seed " << seed << ", figure " << k;
      }
    }
  }
}

TEST(Folds, NobodyStandsOnBothSides) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Cases cases =
        made_cases(13 + seed, 1, seed, [](const float*, auto& random) { return normal(random); });
    std::mt19937_64 random(seed);
    std::multiset<std::size_t> held;
    for (const Fold& fold : folds_by_person(cases, all_rows(cases.size()), 5, random)) {
      EXPECT_EQ(fold.fit.size() + fold.held.size(), cases.size());
      EXPECT_FALSE(fold.held.empty());
      std::set<std::int32_t> fitted;
      for (const std::size_t row : fold.fit) fitted.insert(cases.person[row]);
      for (const std::size_t row : fold.held) EXPECT_FALSE(fitted.contains(cases.person[row]));
      held.insert(fold.held.begin(), fold.held.end());
    }
    const Rows rows = all_rows(cases.size());
    EXPECT_TRUE(std::equal(held.begin(), held.end(), rows.begin(), rows.end()));
  }
}

TEST(PermutedTarget, KeepsHowMuchPersonsResembleThemselves) {
  const Cases cases = made_cases(20, 1, 3, [](const float*, auto& random) { return normal(random); });
  std::mt19937_64 random(1);
  const std::vector<double> y = permuted_target(cases, random);
  ASSERT_EQ(y.size(), cases.size());
  EXPECT_NE(y, cases.y);
  const auto parts = [&](const std::vector<double>& values) {
    std::vector<double> means(20), counts(20), within;
    for (std::size_t i = 0; i < values.size(); ++i) {
      means[static_cast<std::size_t>(cases.person[i])] += values[i];
      counts[static_cast<std::size_t>(cases.person[i])] += 1;
    }
    for (std::size_t p = 0; p < 20; ++p) means[p] /= counts[p];
    for (std::size_t i = 0; i < values.size(); ++i)
      within.push_back(values[i] - means[static_cast<std::size_t>(cases.person[i])]);
    std::ranges::sort(means);
    std::ranges::sort(within);
    return std::pair(means, within);
  };
  const auto [means, within] = parts(y);
  const auto [true_means, true_within] = parts(cases.y);
  for (std::size_t i = 0; i < means.size(); ++i) EXPECT_NEAR(means[i], true_means[i], 1e-9);
  for (std::size_t i = 0; i < within.size(); ++i) EXPECT_NEAR(within[i], true_within[i], 1e-9);
}

TEST(Boosted, ContributionsSumToThePrediction) {
  Cases cases = made_cases(60, 5, 7, [](const float* row, auto& random) {
    return (row[1] > 0 ? 2 : -1) + row[2] + 0.1 * normal(random);
  });
  cases.x.values[3] = std::nanf("");
  const Rows rows = all_rows(cases.size());
  const BoostedModel model(cases, rows, cases.y, {3, 80}, 1);
  const std::vector<double> said = model.predict(cases, rows);
  const std::vector<float> parts = model.contributions(cases, rows);
  ASSERT_EQ(parts.size(), rows.size() * 6);
  for (const std::size_t row : rows) {
    const double sum = std::accumulate(parts.begin() + static_cast<std::ptrdiff_t>(row * 6),
                                       parts.begin() + static_cast<std::ptrdiff_t>(row * 6 + 6), 0.0);
    EXPECT_NEAR(sum, said[row], 1e-4);
  }
  EXPECT_EQ(model.forest().root.size(), 80U);
}

TEST(Errors, SkillByHand) {
  const std::vector<double> y = {0, 2, 4}, said = {0, 2, 3}, mean = {2, 2, 2};
  EXPECT_NEAR(skill_of(y, said, mean), 1 - 1.0 / 8, 1e-12);
}

TEST(Regress, KeepsWhatBeatsTheMean) {
  const Folder folder;
  std::mt19937_64 random(5);
  std::string csv = "person,day,shift,a,b,same,id,stress\n";
  for (int p = 0; p < 40; ++p) {
    for (int s = 0; s < 3; ++s) {
      const double a = normal(random), b = normal(random);
      const bool night = (p + s) % 2 == 0;
      const double stress = 20 + 4 * a + (night ? 3 : 0) + normal(random);
      csv += "P" + std::to_string(p) + ",2026-03-" + (s < 9 ? "0" : "") + std::to_string(s + 1) + "," +
             (night ? "night" : "day") + "," + std::to_string(a) + "," + (s == 1 ? "" : std::to_string(b)) +
             ",1,x" + std::to_string(3 * p + s) + "," + (p == 39 && s == 2 ? "" : std::to_string(stress)) +
             "\n";
    }
  }
  const RegressInput input{folder.write("table.csv", csv), "stress", "person", {}};
  RegressOptions options;
  options.permutations = 19;
  const auto report = regress(input, options, folder.path() / "out");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->rows, 119U);
  EXPECT_EQ(report->persons, 40U);
  EXPECT_EQ(report->without_target, 1U);
  EXPECT_EQ(report->figures, 4U);  // day, shift=night, a, b
  EXPECT_THAT(report->left_out, testing::ElementsAre(HasSubstr("same"), HasSubstr("id: 120")));
  EXPECT_EQ(report->refusal, "");
  EXPECT_EQ(report->best, Family::elastic_net);  // the truth is linear
  EXPECT_GT(report->families[0].skill, 0.85);    // 1 - 1 / (16 + 2.25 + 1) is 0.95
  EXPECT_LT(report->families[0].rmse, 1.3);
  EXPECT_EQ(report->chance.p, 0.05);
  EXPECT_EQ(report->importances[0].figure, "a");
  EXPECT_GT(report->importances[0].direction, 0.5);
  EXPECT_GT(report->curve.front().families[0].rmse, report->curve.back().families[0].rmse);
  EXPECT_NEAR(report->curve.back().families[0].rmse, report->families[0].rmse, 1e-9);
  const auto model = nlohmann::json::parse(read(folder.path() / "out" / "regression.json"));
  EXPECT_EQ(model["features"][1]["word"], "night");
  EXPECT_NEAR(model["linear"]["weights"][2].get<double>(), 4, 0.3);
  // The same seed gives the same bytes.
  const std::string first = read(folder.path() / "out" / "report.json");
  ASSERT_TRUE(regress(input, options, folder.path() / "again"));
  EXPECT_EQ(read(folder.path() / "again" / "report.json"), first);
}

// The trap of judging by rows: a figure that only says who it is predicts a trait of the same person, and of
// nobody else.
TEST(Regress, RefusesWhatOnlyKnowsThePerson) {
  const Folder folder;
  std::mt19937_64 random(9);
  std::string csv = "person,face,strain\n";
  for (int p = 0; p < 40; ++p) {
    const double face = normal(random), strain = normal(random);
    for (int s = 0; s < 6; ++s)
      csv += "P" + std::to_string(p) + "," + std::to_string(face + 0.01 * normal(random)) + "," +
             std::to_string(strain + 0.01 * normal(random)) + "\n";
  }
  RegressOptions options;
  options.permutations = 19;
  RegressInput input{folder.write("table.csv", csv), "strain", "person", {}};
  std::filesystem::create_directories(folder.path() / "out");
  std::ofstream(folder.path() / "out" / "regression.json") << "of an earlier run";
  const auto report = regress(input, options, folder.path() / "out");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_NE(report->refusal, "");
  EXPECT_LT(report->families[1].skill, 0.2);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out" / "regression.json"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "out" / "report.html"));
  // By rows the same table looks like a triumph.
  input.person = "";
  input.choice.without = {"person"};
  const auto fooled = regress(input, options, folder.path() / "fooled");
  ASSERT_TRUE(fooled) << fooled.error().text();
  EXPECT_GT(fooled->families[1].skill, 0.3);
  EXPECT_EQ(fooled->refusal, "");
}

TEST(Regress, RefusesBadTables) {
  const Folder folder;
  RegressOptions options;
  options.permutations = 19;
  const auto message = [&](const std::string& csv, const std::string& target = "y") {
    const auto report =
        regress({folder.write("t.csv", csv), target, "person", {}}, options, folder.path() / "out");
    return report ? std::string("accepted") : report.error().text();
  };
  std::string few = "person,a,y\n", flat = few;
  for (int p = 0; p < 12; ++p) {
    if (p < 9)
      few += "P" + std::to_string(p) + "," + std::to_string(p * p % 7) + "," + std::to_string(p) + "\n";
    flat += "P" + std::to_string(p) + "," + std::to_string(p * p % 7) + ",3\n";
  }
  EXPECT_THAT(message(few), HasSubstr("only 9 persons"));
  EXPECT_THAT(message(flat), HasSubstr("same in every row"));
  EXPECT_THAT(message(few, "z"), HasSubstr("no column 'z'"));
  EXPECT_THAT(message("person,a,y\nP1,2,low\nP2,3,high\n"), HasSubstr("words"));
  EXPECT_THAT(message("person,a,y\nP1,2,inf\n"), HasSubstr("infinite"));
  EXPECT_THAT(message("person,a,y\nP1,2\n"), HasSubstr("line 2 has 2 cells"));
  EXPECT_THAT(message("person,a,y\n,2,3\nP2,3,3\n"), HasSubstr("'person' is empty"));
  EXPECT_THAT(message("person,a,y\n"), HasSubstr("no rows"));
  EXPECT_THAT(message("person,a,a\nP,1,2\n"), HasSubstr("two columns"));
  EXPECT_THAT(message("person,y\nP1,2\n"), HasSubstr("leaves no column"));
}
