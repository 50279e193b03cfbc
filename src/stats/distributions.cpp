#include "pyro/stats/distributions.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace pyro::stats {
namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;
// What is undefined is NaN, never an exception.
using Quiet = bp::policy<bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
                         bp::overflow_error<bp::ignore_error>, bp::evaluation_error<bp::ignore_error>,
                         bp::promote_double<false>>;
using Normal = bm::normal_distribution<double, Quiet>;
using StudentsT = bm::students_t_distribution<double, Quiet>;
using FisherF = bm::fisher_f_distribution<double, Quiet>;
using ChiSquared = bm::chi_squared_distribution<double, Quiet>;
using Beta = bm::beta_distribution<double, Quiet>;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double normal_cdf(double z) {
  return bm::cdf(Normal{}, z);
}
double normal_quantile(double p) {
  return bm::quantile(Normal{}, p);
}
double t_cdf(double t, double df) {
  return bm::cdf(StudentsT{df}, t);
}
double t_quantile(double p, double df) {
  return bm::quantile(StudentsT{df}, p);
}
double t_two_sided_p(double t, double df) {
  if (!(df > 0) || std::isnan(t)) return kUndefined;
  if (std::isinf(t)) return 0;
  return 2 * bm::cdf(StudentsT{df}, -std::abs(t));
}
double f_upper(double f, double df1, double df2) {
  if (std::isinf(f) && f > 0) return 0;
  return bm::cdf(bm::complement(FisherF{df1, df2}, f));
}
double f_quantile(double p, double df1, double df2) {
  return bm::quantile(FisherF{df1, df2}, p);
}
double chi_squared_upper(double x, double df) {
  return bm::cdf(bm::complement(ChiSquared{df}, x));
}
double beta_cdf(double x, double a, double b) {
  return bm::cdf(Beta{a, b}, x);
}
double beta_quantile(double p, double a, double b) {
  return bm::quantile(Beta{a, b}, p);
}

}  // namespace pyro::stats
