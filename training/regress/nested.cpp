#include "regress/nested.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace pyro::training {
namespace {

constexpr int kLambdaPatience = 4;
constexpr std::array<double, 5> kShares = {0.2, 0.4, 0.6, 0.8, 1.0};

void put(std::vector<double>& into, const Rows& rows, const std::vector<double>& values) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    into[rows[i]] = values[i];
  }
}

OuterFold with_inner(const Cases& cases, Fold fold, int inner, std::mt19937_64& random) {
  OuterFold made{std::move(fold), {}, nullptr, {}};
  made.inner = folds_by_person(cases, made.fold.fit, inner, random);
  made.design = std::make_unique<Design>(cases.x, made.fold.fit);
  for (const Fold& one : made.inner) {
    made.inner_designs.push_back(std::make_unique<Design>(cases.x, one.fit));
  }
  return made;
}

OutOfFold empty_answers(std::size_t rows) {
  return {std::vector<double>(rows), {std::vector<double>(rows), std::vector<double>(rows)}};
}

}  // namespace

const char* name_of(Family family) {
  return family == Family::elastic_net ? "elastic_net" : "trees";
}

Plan plan_of(const Cases& cases, const RegressOptions& options) {
  std::mt19937_64 random(options.seed);
  Rows all(cases.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  Plan plan;
  for (Fold& fold : folds_by_person(cases, all, options.outer_folds, random)) {
    plan.outer.push_back(with_inner(cases, std::move(fold), options.inner_folds, random));
  }
  plan.refit = with_inner(cases, {all, {}}, options.inner_folds, random);
  return plan;
}

// All folds walk down the λs together and end where their error has risen for a while: small λs take longest,
// and where figures are many they only fit noise.
Penalty choose_penalty(const Cases& cases, const OuterFold& fold, std::span<const double> y) {
  std::vector<ElasticNet> nets;
  for (const auto& design : fold.inner_designs) {
    nets.emplace_back(*design, y);
  }
  Penalty best;
  double least = std::numeric_limits<double>::infinity();
  for (const double l1_share : kL1Shares) {
    std::vector<std::vector<double>> weights(nets.size());
    double least_here = std::numeric_limits<double>::infinity();
    int since = 0;
    for (std::size_t i = 0; i < lambda_shares().size() && since <= kLambdaPatience; ++i, ++since) {
      const Penalty penalty{l1_share, lambda_shares()[i]};
      double loss = 0;
      for (std::size_t f = 0; f < nets.size(); ++f) {
        const LinearModel model = nets[f].step(penalty, weights[f]);
        for (const std::size_t row : fold.inner[f].held) {
          const double error = model(cases.x.row(row)) - y[row];
          loss += error * error;
        }
      }
      if (loss < least_here) {
        least_here = loss;
        since = 0;
      }
      if (loss < least) {
        least = loss;
        best = penalty;
      }
    }
  }
  return best;
}

Growth choose_growth(const Cases& cases, const OuterFold& fold, std::span<const double> y,
                     std::uint64_t seed) {
  Growth best;
  double least = std::numeric_limits<double>::infinity();
  for (const int depth : kDepths) {
    std::vector<double> sums(kMostRounds);
    std::size_t longest = 0;
    for (const Fold& inner : fold.inner) {
      const std::vector<double> losses = losses_by_round(cases, inner, y, depth, seed);
      longest = std::max(longest, losses.size());
      for (std::size_t round = 0; round < sums.size(); ++round) {  // where it ended, its last one goes on
        sums[round] += losses[std::min(round, losses.size() - 1)] * static_cast<double>(inner.held.size());
      }
    }
    const auto found = std::min_element(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(longest));
    if (*found < least) {
      least = *found;
      best = {depth, static_cast<int>(found - sums.begin()) + 1};
    }
  }
  return best;
}

FittedModel::FittedModel(const Cases& cases, const Rows& rows, std::span<const double> y, Family family,
                         const Settings& settings, std::uint64_t seed, const Design* design) {
  least_ = greatest_ = y[rows.front()];
  for (const std::size_t row : rows) {
    least_ = std::min(least_, y[row]);
    greatest_ = std::max(greatest_, y[row]);
  }
  if (family == Family::trees) {
    boosted_.emplace(cases, rows, y, settings.growth, seed);
  } else if (design != nullptr) {
    linear_ = ElasticNet(*design, y).fit(settings.penalty);
  } else {
    linear_ = ElasticNet(Design(cases.x, rows), y).fit(settings.penalty);
  }
}

std::vector<double> FittedModel::predict(const Cases& cases, const Rows& rows) const {
  std::vector<double> said;
  if (boosted_) {
    said = boosted_->predict(cases, rows);
  } else {
    said.reserve(rows.size());
    for (const std::size_t row : rows) {
      said.push_back((*linear_)(cases.x.row(row)));
    }
  }
  for (double& value : said) {
    value = std::clamp(value, least_, greatest_);
  }
  return said;
}

Nested nested(const Cases& cases, const Plan& plan, std::span<const double> y,
              const RegressOptions& options) {
  Nested result;
  result.said = empty_answers(cases.size());
  const std::size_t wide = cases.x.columns + 1;
  result.contributions.resize(cases.size() * wide);
  for (const OuterFold& outer : plan.outer) {
    const Rows& held = outer.fold.held;
    const Settings chosen{choose_penalty(cases, outer, y), choose_growth(cases, outer, y, options.seed)};
    result.settings.push_back(chosen);
    put(result.said.mean, held, std::vector<double>(held.size(), mean_of(y, outer.fold.fit)));
    for (std::size_t f = 0; f < kFamilies.size(); ++f) {
      const FittedModel model(cases, outer.fold.fit, y, kFamilies[f], chosen, options.seed,
                              outer.design.get());
      put(result.said.models[f], held, model.predict(cases, held));
      if (kFamilies[f] == Family::trees) {
        const std::vector<float> parts = model.boosted().contributions(cases, held);
        for (std::size_t i = 0; i < held.size(); ++i) {
          std::copy_n(parts.begin() + static_cast<std::ptrdiff_t>(i * wide), wide,
                      result.contributions.begin() + static_cast<std::ptrdiff_t>(held[i] * wide));
        }
      }
    }
  }
  return result;
}

double skill_of(std::span<const double> y, std::span<const double> said, std::span<const double> mean) {
  double model = 0;
  double reference = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    model += (y[i] - said[i]) * (y[i] - said[i]);
    reference += (y[i] - mean[i]) * (y[i] - mean[i]);
  }
  return 1 - model / reference;
}

ChanceTest chance_test(const Cases& cases, const Plan& plan, const Nested& true_one,
                       const RegressOptions& options) {
  const auto larger = [](std::span<const double> y, const OutOfFold& said) {
    return std::max(skill_of(y, said.models[0], said.mean), skill_of(y, said.models[1], said.mean));
  };
  ChanceTest test;
  const double seen = larger(cases.y, true_one.said);
  std::mt19937_64 random(options.seed + 1);
  int as_large = 0;
  for (; test.tried < options.permutations; ++test.tried) {
    const std::vector<double> y = permuted_target(cases, random);
    OutOfFold said = empty_answers(cases.size());
    for (std::size_t o = 0; o < plan.outer.size(); ++o) {
      const OuterFold& outer = plan.outer[o];
      const Rows& held = outer.fold.held;
      const Settings settings{choose_penalty(cases, outer, y), true_one.settings[o].growth};
      put(said.mean, held, std::vector<double>(held.size(), mean_of(y, outer.fold.fit)));
      for (std::size_t f = 0; f < kFamilies.size(); ++f) {
        put(said.models[f], held,
            FittedModel(cases, outer.fold.fit, y, kFamilies[f], settings, options.seed, outer.design.get())
                .predict(cases, held));
      }
    }
    test.skills.push_back(larger(y, said));
    as_large += test.skills.back() >= seen ? 1 : 0;
  }
  test.p = (1.0 + as_large) / (1.0 + test.tried);
  return test;
}

std::vector<LearningPoint> learning_curve(const Cases& cases, const Plan& plan, const Nested& whole,
                                          const RegressOptions& options) {
  std::vector<LearningPoint> curve;
  for (const double share : kShares) {
    curve.push_back({share, 0, empty_answers(cases.size()).models, std::vector<double>(cases.size())});
  }
  std::mt19937_64 random(options.seed + 2);
  for (std::size_t o = 0; o < plan.outer.size(); ++o) {
    const Fold& fold = plan.outer[o].fold;
    // The first so many of one order: who is in a small part is in the larger ones.
    const std::vector<std::int32_t> order = shuffled_persons(cases, fold.fit, random);
    for (LearningPoint& point : curve) {
      const auto persons = static_cast<std::size_t>(
          std::max(2.0, std::round(point.share * static_cast<double>(order.size()))));
      std::vector<bool> in(cases.persons.size());
      for (std::size_t i = 0; i < std::min(persons, order.size()); ++i) {
        in[static_cast<std::size_t>(order[i])] = true;
      }
      Rows rows;
      std::copy_if(fold.fit.begin(), fold.fit.end(), std::back_inserter(rows),
                   [&](std::size_t row) { return in[static_cast<std::size_t>(cases.person[row])]; });
      point.persons += static_cast<double>(persons) / static_cast<double>(plan.outer.size());
      put(point.mean, fold.held, std::vector<double>(fold.held.size(), mean_of(cases.y, rows)));
      for (std::size_t f = 0; f < kFamilies.size(); ++f) {
        put(point.said[f], fold.held,
            FittedModel(cases, rows, cases.y, kFamilies[f], whole.settings[o], options.seed)
                .predict(cases, fold.held));
      }
    }
  }
  return curve;
}

}  // namespace pyro::training
