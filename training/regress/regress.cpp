#include "regress/regress.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "pyro/base/csv_text.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/stats/correlation.hpp"
#include "pyro/stats/moments.hpp"
#include "regress/kept_model.hpp"

namespace pyro::training {
namespace {

constexpr int kDraws = 2000;
constexpr double kMostChance = 0.05;
constexpr std::uintmax_t kLongestTable = std::uintmax_t{1} << 30U;

std::string cell(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

std::vector<Importance> importances_of(const Cases& cases, const std::vector<float>& contributions) {
  std::vector<Importance> all;
  const std::size_t wide = cases.x.columns + 1;
  for (std::size_t k = 0; k < cases.x.columns; ++k) {
    Importance& one = all.emplace_back(Importance{cases.features[k].name()});
    std::vector<double> figure;
    std::vector<double> part;
    for (std::size_t row = 0; row < cases.size(); ++row) {
      const auto contribution = static_cast<double>(contributions[row * wide + k]);
      one.mean_absolute += std::abs(contribution) / static_cast<double>(cases.size());
      if (std::isfinite(cases.x.row(row)[k])) {
        figure.push_back(static_cast<double>(cases.x.row(row)[k]));
        part.push_back(contribution);
      }
    }
    const auto r = stats::pearson(figure, part);
    one.direction = r ? r->r : std::nan("");
  }
  std::ranges::stable_sort(all, std::greater<>{}, &Importance::mean_absolute);
  return all;
}

// For a step of a standard deviation of the known figures.
std::vector<std::pair<std::string, double>> weights_of(const Cases& cases, const LinearModel& model) {
  std::vector<std::pair<std::string, double>> weights;
  for (std::size_t k = 0; k < cases.x.columns; ++k) {
    std::vector<double> known;
    for (std::size_t row = 0; row < cases.size(); ++row) {
      if (std::isfinite(cases.x.row(row)[k])) {
        known.push_back(static_cast<double>(cases.x.row(row)[k]));
      }
    }
    const double step = model.weights[k] * stats::standard_deviation(known);
    if (std::isfinite(step) && step != 0) {
      weights.emplace_back(cases.features[k].name(), step);
    }
  }
  std::ranges::stable_sort(weights, std::greater<>{}, [](const auto& one) { return std::abs(one.second); });
  return weights;
}

Status write_rows(const Cases& cases, const Nested& result, const std::filesystem::path& out) {
  std::string said = "row,person,target,mean,elastic_net,trees\n";
  std::string parts = "row,person,base";
  for (const regression::Feature& feature : cases.features) {
    parts += ',';
    append_csv_text(parts, feature.name());
  }
  parts += '\n';
  const std::size_t wide = cases.x.columns + 1;
  for (std::size_t row = 0; row < cases.size(); ++row) {
    const std::string head = std::to_string(cases.line[row] + 1) + ',' +
                             csv_cell(cases.persons[static_cast<std::size_t>(cases.person[row])]) + ',';
    said += head + cell(cases.y[row]) + ',' + cell(result.said.mean[row]) + ',' +
            cell(result.said.models[0][row]) + ',' + cell(result.said.models[1][row]) + '\n';
    const float* own = result.contributions.data() + row * wide;
    parts += head + cell(static_cast<double>(own[wide - 1]));
    for (std::size_t k = 0; k + 1 < wide; ++k) {
      parts += ',' + cell(static_cast<double>(own[k]));
    }
    parts += '\n';
  }
  if (Status written = replace_file(out / "predictions.csv", said); !written) {
    return written;
  }
  return replace_file(out / "shap.csv", parts);
}

std::string refusal_of(const RegressReport& report) {
  const Errors& best = report.families[static_cast<std::size_t>(report.best)];
  if (best.skill <= 0) {
    return "it does not beat predicting the mean";
  }
  if (best.skill_low <= 0) {
    return "it may be no better than predicting the mean: the interval of its skill reaches 0";
  }
  if (report.chance.p > kMostChance) {
    return "chance gives as much too often (p = " + cell(report.chance.p) + ")";
  }
  return "";
}

}  // namespace

Errors errors_of(const Cases& cases, std::span<const double> said, std::span<const double> mean,
                 std::uint64_t seed) {
  std::vector<double> squares(cases.persons.size());
  std::vector<double> reference(cases.persons.size());
  Errors errors;
  const auto n = static_cast<double>(cases.size());
  for (std::size_t row = 0; row < cases.size(); ++row) {
    const double error = cases.y[row] - said[row];
    const double from_mean = cases.y[row] - mean[row];
    squares[static_cast<std::size_t>(cases.person[row])] += error * error;
    reference[static_cast<std::size_t>(cases.person[row])] += from_mean * from_mean;
    errors.mean_absolute += std::abs(error) / n;
  }
  const auto skill = [](double model, double by_mean) { return by_mean > 0 ? 1 - model / by_mean : 0; };
  const double sum = std::accumulate(squares.begin(), squares.end(), 0.0);
  errors.rmse = std::sqrt(sum / n);
  errors.skill = skill(sum, std::accumulate(reference.begin(), reference.end(), 0.0));
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::size_t> any(0, squares.size() - 1);
  std::vector<double> drawn(kDraws);
  for (double& one : drawn) {
    double model = 0;
    double by_mean = 0;
    for (std::size_t i = 0; i < squares.size(); ++i) {
      const std::size_t person = any(random);
      model += squares[person];
      by_mean += reference[person];
    }
    one = skill(model, by_mean);
  }
  errors.skill_low = stats::quantile(drawn, 0.025);
  errors.skill_high = stats::quantile(drawn, 0.975);
  return errors;
}

Result<RegressReport> regress(const RegressInput& input, const RegressOptions& options,
                              const std::filesystem::path& out) {
  const Result<regression::Table> table = regression::read_table(input.table);
  if (!table) {
    return tl::make_unexpected(table.error());
  }
  Result<regression::Chosen> chosen =
      regression::choose_features(*table, input.choice, {input.target, input.person});
  if (!chosen) {
    return tl::make_unexpected(chosen.error());
  }
  const Result<Cases> read = cases_of(*table, std::move(chosen->features), input.target, input.person);
  if (!read) {
    return tl::make_unexpected(read.error());
  }
  const Cases& cases = *read;
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) {
    return failed(out.string() + ": cannot be created; choose another --out", error.message());
  }
  RegressReport report;
  report.file = input.table.filename().string();
  report.target = input.target;
  report.person = input.person;
  report.left_out = std::move(chosen->left_out);
  report.rows = cases.size();
  report.persons = cases.persons.size();
  report.without_target = table->rows - cases.size();
  report.figures = cases.features.size();
  report.options = options;
  if (const regression::Column* made = table->find("simulated")) {
    report.simulated = std::ranges::any_of(made->numbers, [](double value) { return value == 1; });
  }
  try {
    const Plan plan = plan_of(cases, options);
    const Nested result = nested(cases, plan, cases.y, options);
    report.settings = result.settings;
    report.mean = errors_of(cases, result.said.mean, result.said.mean, options.seed);
    for (std::size_t f = 0; f < kFamilies.size(); ++f) {
      report.families[f] = errors_of(cases, result.said.models[f], result.said.mean, options.seed);
    }
    report.best = report.families[0].skill >= report.families[1].skill ? Family::elastic_net : Family::trees;
    report.y = cases.y;
    report.said = result.said.models[static_cast<std::size_t>(report.best)];
    report.chance = chance_test(cases, plan, result, options);
    for (const LearningPoint& point : learning_curve(cases, plan, result, options)) {
      RegressReport::Point& one = report.curve.emplace_back();
      one.persons = point.persons;
      one.mean_rmse = errors_of(cases, point.mean, point.mean, options.seed).rmse;
      for (std::size_t f = 0; f < kFamilies.size(); ++f) {
        one.families[f] = errors_of(cases, point.said[f], result.said.mean, options.seed);
      }
    }
    report.importances = importances_of(cases, result.contributions);
    report.kept = {choose_penalty(cases, plan.refit, cases.y),
                   choose_growth(cases, plan.refit, cases.y, options.seed)};
    const Rows& all = plan.refit.fold.fit;
    report.weights = weights_of(cases, FittedModel(cases, all, cases.y, Family::elastic_net, report.kept,
                                                   options.seed, plan.refit.design.get())
                                           .linear());
    report.refusal = refusal_of(report);
    for (const char* name : kKeptFiles) {  // of an earlier run
      std::filesystem::remove(out / name, error);
    }
    if (report.refusal.empty()) {
      const Result<std::string> bytes = read_whole(input.table, kLongestTable);
      if (!bytes) {
        return tl::make_unexpected(bytes.error());
      }
      const FittedModel model(cases, all, cases.y, report.best, report.kept, options.seed,
                              plan.refit.design.get());
      if (Status written = write_kept(cases, model, report, sha256_hex(*bytes), out); !written) {
        return tl::make_unexpected(written.error());
      }
    }
    if (Status written = write_rows(cases, result, out); !written) {
      return tl::make_unexpected(written.error());
    }
  } catch (const std::exception& problem) {
    return failed("XGBoost cannot fit the trees; check the table's figures", problem.what());
  }
  if (Status written = replace_file(out / "report.json", to_json(report).dump(2) + "\n"); !written) {
    return tl::make_unexpected(written.error());
  }
  if (Status written = write_regression_page(report, out / "report.html"); !written) {
    return tl::make_unexpected(written.error());
  }
  return report;
}

}  // namespace pyro::training
